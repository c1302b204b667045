import { App, Button, Progress, Skeleton, Space } from 'antd';
import type { ComplaintLink } from '../data/api-types.js';
import { useComplaint, useLinkDecision } from '../data/complaints.js';
import { useTexts } from '../data/language.js';
import { openOver } from '../data/route.js';
import { QueryError } from './panel.js';

/** The events one complaint is traced to, with score and evidence; a person has the last word. */
export function ComplaintLinks({ id }: { id: number }) {
  const texts = useTexts();
  const { data: complaint, error, refetch } = useComplaint(id);
  if (complaint === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  const links = [...complaint.links].sort((a, b) => b.score - a.score);
  return (
    <div className="complaint-links">
      <p className="complaint-whole">{complaint.text}</p>
      {links.length === 0 && <p className="faint">{texts.complaint.noLinks}</p>}
      {links.map((link) => (
        <LinkCard key={`${link.eventType}/${link.eventId}`} complaintId={id} link={link} />
      ))}
      {complaint.missedWarning !== null && (
        <p className="missed">
          <strong>{texts.complaint.missed}</strong> {complaint.missedWarning.text}
        </p>
      )}
    </div>
  );
}

function LinkCard({ complaintId, link }: { complaintId: number; link: ComplaintLink }) {
  const texts = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useLinkDecision();
  const decide = (decision: 'confirm' | 'reject'): void =>
    mutate(
      { complaintId, link, decision },
      {
        onSuccess: () =>
          void message.success(decision === 'confirm' ? texts.complaint.confirmed : texts.complaint.rejected),
        onError: (error) => void message.error(error.message),
      },
    );
  return (
    <div className="link-card" data-link={`${link.eventType}/${link.eventId}`}>
      <div className="link-head">
        <strong>
          {texts.eventType[link.eventType] ?? link.eventType} #{link.eventId}
        </strong>
        {link.eventType === 'outage' && (
          <Button type="link" size="small" onClick={() => openOver('outage', link.eventId)}>
            {texts.lookup.open}
          </Button>
        )}
        <span className={`link-status link-${link.status}`}>{texts.linkStatus[link.status]}</span>
        <Progress
          percent={Math.round(link.score * 100)}
          size="small"
          className="link-score"
          aria-label={texts.complaint.score}
        />
        <Space>
          <Button
            size="small"
            type="primary"
            disabled={isPending || link.status === 'confirmed'}
            onClick={() => decide('confirm')}
          >
            {texts.complaint.confirm}
          </Button>
          <Button
            size="small"
            danger
            disabled={isPending || link.status === 'rejected'}
            onClick={() => decide('reject')}
          >
            {texts.complaint.reject}
          </Button>
        </Space>
      </div>
      <ul className="link-evidence">
        {link.evidence.map((term) => (
          <li key={term.term}>
            <span className={`figure points ${term.points < 0 ? 'against' : ''}`}>
              {term.points > 0 ? '+' : ''}
              {Math.round(term.points * 100) / 100}
            </span>{' '}
            {term.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
