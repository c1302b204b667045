import { App, Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useWords } from '../../data/language.js';
import type { ReportAsk } from '../../data/reports.js';
import { usePublish } from '../../data/restatements.js';
import { RESTATEMENT_TEXTS } from '../../model/restatement-texts.js';
import { May } from '../may.js';
import { Refusal } from '../refusal.js';

/** Publishes the total of the report that is shown. */
export function PublishForm({ ask }: { ask: ReportAsk }) {
  return (
    <div className="publish not-printed">
      <May call="POST /reports/reliability/publish">
        <Fields ask={ask} />
      </May>
    </div>
  );
}

function Fields({ ask }: { ask: ReportAsk }) {
  const texts = useWords(RESTATEMENT_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error } = usePublish();
  const [note, setNote] = useState('');
  const publish = (): void =>
    mutate(
      { ask, note: note.trim() },
      {
        onSuccess: () => {
          setNote('');
          void message.success(texts.published);
        },
      },
    );
  return (
    <>
      <div className="publish-fields">
        <Input
          value={note}
          onChange={(event) => setNote(event.target.value)}
          placeholder={texts.note}
          aria-label={texts.note}
          maxLength={500}
        />
        <Popconfirm title={texts.publishAsk} onConfirm={publish} okText={texts.publish}>
          <Button loading={isPending}>{texts.publish}</Button>
        </Popconfirm>
      </div>
      <p className="faint">{texts.publishHint}</p>
      <Refusal error={error} />
    </>
  );
}
