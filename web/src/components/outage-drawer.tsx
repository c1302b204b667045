import { Descriptions, Drawer, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { OutageDetail } from '../data/api-types.js';
import { useTexts, useWords } from '../data/language.js';
import { useBoard } from '../data/board.js';
import { useOutage } from '../data/outages.js';
import { percent } from '../model/figures.js';
import { shortInstant } from '../model/instants.js';
import { OUTAGE_TEXTS } from '../model/outage-texts.js';
import { Until } from './countdown.js';
import { May } from './may.js';
import { OutageDecision } from './outage-decision.js';
import { OutageVerdict } from './outage-verdict.js';
import { OutageDecisions } from './outage/outage-decisions.js';
import { OutageEvidence } from './outage/outage-evidence.js';
import { OutageFamily } from './outage/outage-family.js';
import { OutageProgress } from './outage/outage-progress.js';
import { OutageTransformers } from './outage/outage-transformers.js';
import { QueryError } from './panel.js';
import { RestorationPicture } from './restoration-picture.js';

const ReceiptButton = lazy(async () => ({ default: (await import('./promises/receipt-button.js')).ReceiptButton }));

/** One outage: its transformers as they come back step by step, and what a dispatcher knows better than the rules. */
export function OutageDrawer({ id, onClose }: { id: number | null; onClose: () => void }) {
  const texts = useTexts();
  const { data: outage, error, refetch } = useOutage(id);
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      size={660}
      title={outage === undefined ? texts.outage.title : `${outage.rootAsset.name} · ${texts.nature[outage.nature]}`}
      footer={
        outage !== undefined &&
        outage.state !== 'discarded' && (
          <May call="PATCH /outages/:id">
            <OutageDecision key={outage.id} outage={outage} />
          </May>
        )
      }
    >
      <QueryError error={error} onRetry={() => refetch()} />
      {outage === undefined ? error === null && <Skeleton active /> : <OutageBody outage={outage} />}
    </Drawer>
  );
}

function OutageBody({ outage }: { outage: OutageDetail }) {
  const texts = useTexts();
  const more = useWords(OUTAGE_TEXTS);
  const longHours = useBoard().data?.longHours ?? 8;
  return (
    <div className="warning-body">
      <Descriptions
        column={2}
        size="small"
        items={[
          { key: 'where', label: texts.outage.place, children: `${outage.rootAsset.name} ${outage.rootAsset.code}` },
          { key: 'area', label: texts.filter.area, children: outage.rootAsset.area || '—' },
          { key: 'since', label: texts.outage.since, children: shortInstant(outage.startedAt, null) },
          { key: 'state', label: texts.reconnection.state, children: texts.outageState[outage.state] },
          {
            key: 'customers',
            label: texts.outage.customers,
            children: `${outage.customersAffected - outage.customersRestored} / ${outage.customersAffected}`,
          },
          {
            key: 'etr',
            label: texts.outage.etr,
            children: <Until at={outage.estimatedRestorationAt} over={outage.endedAt !== null} today={null} />,
          },
          ...(outage.probabilityOver8h === null || outage.endedAt !== null
            ? []
            : [
                {
                  key: 'probability',
                  label: texts.outage.probability(longHours),
                  children: (
                    <>
                      <strong className="figure">{percent(outage.probabilityOver8h, 0)}</strong>
                      {outage.outlook !== null && (
                        <span className="faint"> {more.outlook(outage.outlook.cases, outage.outlook.longer)}</span>
                      )}
                    </>
                  ),
                },
              ]),
          { key: 'complaints', label: texts.complaint.title, children: outage.complaints },
          { key: 'notices', label: texts.outage.notices, children: outage.notices },
        ]}
      />
      {outage.cause !== null && outage.cause !== '' && (
        <p>
          {texts.outage.cause}: {outage.cause}
        </p>
      )}
      <OutageFamily outage={outage} />
      <h3>{texts.steps.title}</h3>
      <RestorationPicture transformers={outage.transformers} startedAt={outage.startedAt} longHours={longHours} />
      <May call="POST /outages/:id/discard" quiet>
        <OutageVerdict key={outage.id} outage={outage} />
      </May>
      <Suspense>
        <ReceiptButton subjectType="outage" subjectId={outage.id} />
      </Suspense>
      <OutageEvidence evidence={outage.evidence} />
      <OutageDecisions outage={outage} />
      <OutageProgress key={`progress ${outage.id}`} outage={outage} />
      <OutageTransformers key={`transformers ${outage.id}`} outage={outage} />
    </div>
  );
}
