import { App, Button, Input, Space } from 'antd';
import { useState } from 'react';
import { REVIEW_RESULTS, useReview } from '../../data/consumption.js';
import type { AbnormalUse, ConsumptionFinding, ZeroUse } from '../../data/consumption.js';
import { useWords } from '../../data/language.js';
import { CONSUMPTION_TEXTS } from '../../model/consumption-texts.js';
import { fixed } from '../../model/figures.js';
import { shortInstant } from '../../model/instants.js';
import { May } from '../may.js';
import { Refusal } from '../refusal.js';

/** What a finding rests on, month by month, and what was found on site. */
export function ConsumptionDetail({ finding }: { finding: ConsumptionFinding }) {
  const texts = useWords(CONSUMPTION_TEXTS);
  const { detail, review, state } = finding;
  return (
    <div className="promise-detail">
      {'lines' in detail ? <Months detail={detail} /> : <Ratios detail={detail} />}
      {review !== null && (
        <p data-review={review.result}>
          {texts.review}: <strong>{texts.result[review.result]}</strong> {review.note}{' '}
          <span className="faint">
            {review.by} {shortInstant(review.at, null)}
          </span>
        </p>
      )}
      {state === 'open' && (
        <May call="POST /consumption/findings/:id/review">
          <ReviewForm id={finding.id} />
        </May>
      )}
    </div>
  );
}

function Months({ detail: { lines } }: { detail: ZeroUse }) {
  const texts = useWords(CONSUMPTION_TEXTS);
  return (
    <table className="sheet legs-sheet">
      <thead>
        <tr>
          <th scope="col">{texts.month}</th>
          <th scope="col" className="number">
            {texts.kwh}
          </th>
          <th scope="col">{texts.counted}</th>
          <th scope="col">{texts.reasonTitle}</th>
          <th scope="col" className="number">
            {texts.usableDays}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ month, kwh, counts, reason, usableDays }) => (
          <tr key={month} data-month={month}>
            <th scope="row" className="figure">
              {month}
            </th>
            <td className="number">{kwh ?? '—'}</td>
            <td className={counts ? undefined : 'faint'}>{counts ? texts.yes : texts.no}</td>
            <td>{texts.reason[reason] ?? reason}</td>
            <td className="number">{usableDays.toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ratios({ detail }: { detail: AbnormalUse }) {
  const texts = useWords(CONSUMPTION_TEXTS);
  const { months, kwhPerDay, ownKwhPerDay, ownMonths, ownRatio, neighbours, neighbourRatio } = detail;
  const rows: [name: string, perDay: number | null, ratio: number | null][] = [
    [months.join(', '), kwhPerDay, null],
    [texts.own(ownMonths), ownKwhPerDay, ownRatio],
    ...(neighbours === null
      ? []
      : [
          [
            texts.neighbours(neighbours.count),
            neighbours.medianKwhPerDay,
            neighbourRatio,
          ] satisfies (typeof rows)[number],
        ]),
  ];
  return (
    <table className="sheet legs-sheet">
      <thead>
        <tr>
          <th scope="col">{texts.month}</th>
          <th scope="col" className="number">
            {texts.perDay}
          </th>
          <th scope="col" className="number" aria-label={texts.why} />
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, perDay, ratio]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{fixed(perDay, 2)}</td>
            <td className="number">{ratio === null ? '' : `× ${ratio.toFixed(1)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ReviewForm({ id }: { id: number }) {
  const texts = useWords(CONSUMPTION_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error } = useReview(id);
  const [note, setNote] = useState('');
  return (
    <>
      <Space wrap className="not-printed">
        <Input
          className="step-note"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          placeholder={texts.note}
          aria-label={texts.note}
          maxLength={2_000}
        />
        {REVIEW_RESULTS.map((result) => (
          <Button
            key={result}
            size="small"
            disabled={isPending}
            onClick={() =>
              mutate({ result, note: note.trim() }, { onSuccess: () => void message.success(texts.saved) })
            }
          >
            {texts.result[result]}
          </Button>
        ))}
      </Space>
      <Refusal error={error} />
    </>
  );
}
