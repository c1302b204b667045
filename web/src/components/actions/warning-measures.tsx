import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useActions } from '../../data/actions.js';
import type { CorrectiveAction, JudgedSide } from '../../data/actions.js';
import { useLanguage, useWords } from '../../data/language.js';
import { ACTION_TEXTS } from '../../model/action-texts.js';
import { percent } from '../../model/figures.js';
import { shortInstant } from '../../model/instants.js';
import { May } from '../may.js';
import { QueryError } from '../panel.js';
import { ActionForm } from './action-form.js';
import '../../styles/sheets.css';
import '../../styles/actions.css';

/** What was done at the transformer of a warning, each judged by measurements before and after; and the way to record more. */
export function WarningMeasures({ code }: { code: string }) {
  const texts = useWords(ACTION_TEXTS);
  const { data: actions, error, refetch } = useActions(code);
  const [isRecording, setIsRecording] = useState(false);
  return (
    <section className="measures">
      <h3>{texts.title}</h3>
      <QueryError error={error} onRetry={() => refetch()} />
      {actions?.length === 0 && !isRecording && <p className="faint">{texts.none}</p>}
      {actions?.map((action) => (
        <Measure key={action.id} action={action} />
      ))}
      {isRecording ? (
        <ActionForm code={code} onDone={() => setIsRecording(false)} />
      ) : (
        <May call="POST /transformers/:code/actions">
          <Button size="small" icon={<PlusOutlined />} className="not-printed" onClick={() => setIsRecording(true)}>
            {texts.record}
          </Button>
        </May>
      )}
    </section>
  );
}

function Measure({ action }: { action: CorrectiveAction }) {
  const texts = useWords(ACTION_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const { judgement, judged, withdrawn } = action;
  const isMeasured = judgement.before.hours > 0 || judgement.after.hours > 0;
  return (
    <article
      className={`measure measure-${judgement.verdict}`}
      data-action={action.id}
      data-verdict={judgement.verdict}
    >
      <header>
        <strong>
          {texts.kind[action.kind]} {action.from} → {action.to}
        </strong>
        <span className="faint figure">
          {shortInstant(action.at, null)} · {action.by}
        </span>
        <span className="verdict-word">{withdrawn === null ? texts.verdict[judgement.verdict] : texts.withdrawn}</span>
      </header>
      {action.note !== '' && <p>{action.note}</p>}
      {withdrawn !== null && (
        <p>{texts.withdrawnBy(shortInstant(withdrawn.at, null), withdrawn.by, withdrawn.reason)}</p>
      )}
      {judged !== null && (
        <p className="faint">
          {texts.judged(shortInstant(judged.at, null), texts.verdict[judged.verdict])}
          {!judged.isCurrent && ` · ${texts.revised}`}
        </p>
      )}
      <p className="measure-reason">{isEnglish ? judgement.reasonEn : judgement.reason}</p>
      {isMeasured && <BeforeAfter before={judgement.before} after={judgement.after} />}
    </article>
  );
}

const PHASES = ['A', 'B', 'C'] as const;
const SIDES = ['before', 'after'] as const;

function BeforeAfter({ before, after }: { before: JudgedSide; after: JudgedSide }) {
  const texts = useWords(ACTION_TEXTS);
  const sides = { before, after };
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            {texts.phase}
          </th>
          {SIDES.map((side) => (
            <th key={side} scope="colgroup" colSpan={3}>
              {texts[side](sides[side].hours)}
            </th>
          ))}
        </tr>
        <tr>
          {SIDES.flatMap((side) =>
            [texts.range, texts.low, texts.high].map((head) => (
              <th key={`${side} ${head}`} scope="col" className="number">
                {head}
              </th>
            )),
          )}
        </tr>
      </thead>
      <tbody>
        {PHASES.map((phase) => (
          <tr key={phase}>
            <th scope="row">{phase}</th>
            {SIDES.flatMap((side) => {
              const one = sides[side].phases[phase];
              const figures =
                one === null
                  ? ['—', '—', '—']
                  : [
                      `${one.p05.toFixed(1)} – ${one.p95.toFixed(1)} V`,
                      percent(one.lowShare, 1),
                      percent(one.highShare, 1),
                    ];
              return figures.map((figure, index) => (
                <td key={`${side} ${[texts.range, texts.low, texts.high][index] ?? ''}`} className="number">
                  {figure}
                </td>
              ));
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
