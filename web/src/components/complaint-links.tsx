import { App, Button, Progress, Skeleton, Space } from 'antd';
import type { Complaint, ComplaintLink } from '../data/api-types.js';
import { useComplaint, useLinkDecision } from '../data/complaints.js';
import { useLanguage, useTexts } from '../data/language.js';
import { useComplaintPhones } from '../data/phones.js';
import { openOver } from '../data/route.js';
import { May } from './may.js';
import { QueryError } from './panel.js';
import { ShowPhones } from './show-phones.js';

/** The events one complaint is traced to, with score and evidence; a person has the last word. */
export function ComplaintLinks({ id }: { id: number }) {
  const { data: complaint, error, refetch } = useComplaint(id);
  if (complaint === undefined)
    return error === null ? <Skeleton active /> : <QueryError error={error} onRetry={() => refetch()} />;
  return <Body complaint={complaint} />;
}

function Body({ complaint }: { complaint: Complaint }) {
  const texts = useTexts();
  const isEnglish = useLanguage() === 'en';
  const readPhones = useComplaintPhones(complaint);
  const links = [...complaint.links].sort((a, b) => b.score - a.score);
  return (
    <div className="complaint-links">
      <p className="complaint-whole">{complaint.text}</p>
      <ShowPhones read={readPhones} />
      {links.length === 0 && <p className="faint">{texts.complaint.noLinks}</p>}
      {links.map((link) => (
        <LinkCard key={`${link.eventType}/${link.eventId}`} complaintId={complaint.id} link={link} />
      ))}
      {complaint.missedWarning !== null && (
        <p className="missed">
          <strong>{texts.complaint.missed}</strong>{' '}
          {isEnglish ? complaint.missedWarning.textEn : complaint.missedWarning.text}
        </p>
      )}
    </div>
  );
}

function LinkCard({ complaintId, link }: { complaintId: number; link: ComplaintLink }) {
  const texts = useTexts();
  const isEnglish = useLanguage() === 'en';
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
        <May call="POST /complaints/:id/links/:eventType/:eventId/confirm" quiet>
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
        </May>
      </div>
      <ul className="link-evidence">
        {link.evidence.map((term) => (
          <li key={term.text}>
            <span className={`figure points ${term.points < 0 ? 'against' : ''}`}>
              {term.points > 0 ? '+' : ''}
              {Math.round(term.points * 100) / 100}
            </span>{' '}
            {isEnglish ? term.textEn : term.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
