import { Button, Descriptions, Drawer, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { WarningDetail } from '../data/api-types.js';
import { useLanguage, useTexts } from '../data/language.js';
import { openOver } from '../data/route.js';
import { useWarning } from '../data/warnings.js';
import { evidenceLines } from '../model/evidence.js';
import { wallClock } from '../model/instants.js';
import { evidenceWords } from '../model/words.js';
import { May } from './may.js';
import { QueryError } from './panel.js';
import { SeverityTag } from './severity-tag.js';
import { WarningActions } from './warning-actions.js';
import { WarningAdvice } from './warning-advice.js';
import { WarningHistory } from './warning-history.js';

const WarningMeasures = lazy(async () => ({
  default: (await import('./actions/warning-measures.js')).WarningMeasures,
}));

/** What a tap, a phase or a load that was moved can cure. */
const CURABLE = new Set(['low_voltage', 'high_voltage', 'chronic_voltage', 'unbalance', 'overload']);

/** Everything about one warning: why it was raised, what to do, what was done. */
export function WarningDrawer({ id, onClose }: { id: number | null; onClose: () => void }) {
  const texts = useTexts();
  const { data: warning, error, refetch } = useWarning(id);
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      size={620}
      title={
        warning === undefined ? (
          texts.warning.title
        ) : (
          <>
            <SeverityTag severity={warning.severity} /> {texts.kind[warning.kind] ?? warning.kind}
          </>
        )
      }
      footer={
        warning !== undefined &&
        warning.status !== 'resolved' && (
          <May call="POST /warnings/:id/acknowledge">
            <WarningActions warning={warning} />
          </May>
        )
      }
    >
      <QueryError error={error} onRetry={() => refetch()} />
      {warning === undefined ? error === null && <Skeleton active /> : <WarningBody warning={warning} />}
    </Drawer>
  );
}

const whole = (instant: string | null): string => {
  if (instant === null) return '—';
  const { date, time } = wallClock(instant);
  return `${date} ${time}`;
};

function WarningBody({ warning }: { warning: WarningDetail }) {
  const texts = useTexts();
  const language = useLanguage();
  const { subject } = warning;
  return (
    <div className="warning-body">
      <p className="warning-title">{warning.title}</p>
      {warning.outageId !== null && (
        <Button size="small" className="to-outage" onClick={() => openOver('outage', warning.outageId)}>
          {texts.lookup.open} #{warning.outageId}
        </Button>
      )}
      <Descriptions
        column={2}
        size="small"
        items={[
          { key: 'subject', label: texts.warning.subject, children: `${subject.name} ${subject.code}` },
          { key: 'area', label: texts.filter.area, children: subject.area || '—' },
          { key: 'happened', label: texts.warning.happened, children: whole(warning.happenedAt) },
          { key: 'known', label: texts.warning.known, children: whole(warning.knownAt) },
          { key: 'due', label: texts.warning.limit, children: whole(warning.dueAt) },
          { key: 'status', label: texts.reconnection.state, children: texts.status[warning.status] },
          { key: 'assignee', label: texts.warning.assignee, children: warning.assignee ?? '—' },
          { key: 'policy', label: texts.warning.policy, children: warning.policyVersion },
        ]}
      />
      <WarningAdvice warning={warning} />
      {subject.type === 'transformer' && CURABLE.has(warning.kind) && (
        <Suspense>
          <WarningMeasures key={subject.code} code={subject.code} />
        </Suspense>
      )}
      <h3>{texts.warning.evidence}</h3>
      <dl className="evidence">
        {evidenceLines(warning.evidence).map(({ name, value }) => (
          <div key={name}>
            <dt>{evidenceWords(name, language)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{texts.warning.history}</h3>
      <WarningHistory warning={warning} />
    </div>
  );
}
