import { App, Button, Input, Space } from 'antd';
import { useState } from 'react';
import type { OutageDetail } from '../../data/api-types.js';
import { useWords } from '../../data/language.js';
import { useOutageProgress } from '../../data/outages.js';
import { shortInstant } from '../../model/instants.js';
import { OUTAGE_TEXTS } from '../../model/outage-texts.js';
import { May } from '../may.js';

/** Who answers for the outage, what is being done about it, and a line to add. */
export function OutageProgress({ outage }: { outage: OutageDetail }) {
  const texts = useWords(OUTAGE_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending } = useOutageProgress();
  const [note, setNote] = useState('');
  const [by, setBy] = useState('');
  const { owner, manager } = outage.responsible;
  const people = [
    ...(owner === null ? [] : [`${texts.owner} ${owner}`]),
    ...(manager === null ? [] : [`${texts.manager} ${manager}`]),
  ];
  const add = (): void =>
    mutate(
      { id: outage.id, note: note.trim(), by: by.trim() },
      {
        onSuccess: () => {
          setNote('');
          void message.success(texts.added);
        },
        onError: (error) => void message.error(error.message),
      },
    );
  return (
    <>
      <h3>{texts.progress}</h3>
      {people.length > 0 && (
        <p className="faint">
          {texts.responsible}: {people.join(' · ')}
        </p>
      )}
      {outage.progress.length === 0 && <p className="faint">{texts.noProgress}</p>}
      <ul className="plain-list">
        {outage.progress.map((one) => (
          <li key={`${one.at} ${one.note}`}>
            <span className="faint figure">{shortInstant(one.at, null)}</span> <strong>{one.by}</strong> {one.note}
          </li>
        ))}
      </ul>
      <May call="POST /outages/:id/progress">
        <Space.Compact block className="not-printed">
          <Input
            value={note}
            onChange={(event) => setNote(event.target.value)}
            placeholder={texts.progressNote}
            aria-label={texts.progress}
            maxLength={2_000}
          />
          <Input
            className="progress-by"
            value={by}
            onChange={(event) => setBy(event.target.value)}
            placeholder={texts.by}
            aria-label={texts.by}
            maxLength={200}
          />
          <Button onClick={add} loading={isPending} disabled={note.trim() === '' || by.trim() === ''}>
            {texts.add}
          </Button>
        </Space.Compact>
      </May>
    </>
  );
}
