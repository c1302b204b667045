import { App, Button, Input, Space } from 'antd';
import { useState } from 'react';
import type { WarningDetail } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { useWarningAction } from '../data/warnings.js';
import type { WarningAction } from '../data/warnings.js';

/** The decisions a person can take, with one note and, for handing it on, a name. */
export function WarningActions({ warning }: { warning: WarningDetail }) {
  const texts = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useWarningAction();
  const [note, setNote] = useState('');
  const [assignee, setAssignee] = useState(warning.assignee ?? '');

  const act = (action: WarningAction): void =>
    mutate(
      { id: warning.id, action, note, ...(action === 'assign' ? { assignee: assignee.trim() } : {}) },
      {
        onSuccess: () => {
          setNote('');
          void message.success(texts.warning.done[action]);
        },
        onError: (error) => void message.error(error.message),
      },
    );

  return (
    <div className="warning-actions">
      <Input.TextArea
        value={note}
        onChange={(event) => setNote(event.target.value)}
        placeholder={texts.warning.noteHint}
        aria-label={texts.warning.note}
        rows={2}
        maxLength={2_000}
      />
      <Space.Compact block>
        <Input
          value={assignee}
          onChange={(event) => setAssignee(event.target.value)}
          placeholder={texts.warning.assigneeHint}
          aria-label={texts.warning.assignee}
          maxLength={200}
        />
        <Button onClick={() => act('assign')} disabled={assignee.trim() === '' || isPending}>
          {texts.warning.assign}
        </Button>
      </Space.Compact>
      <Space>
        {warning.status === 'open' && (
          <Button type="primary" onClick={() => act('acknowledge')} disabled={isPending}>
            {texts.warning.acknowledge}
          </Button>
        )}
        <Button onClick={() => act('comment')} disabled={note.trim() === '' || isPending}>
          {texts.warning.comment}
        </Button>
        <Button danger onClick={() => act('resolve')} disabled={isPending}>
          {texts.warning.resolve}
        </Button>
      </Space>
    </div>
  );
}
