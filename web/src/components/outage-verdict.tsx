import { App, Button, Input, Popconfirm, Select, Space } from 'antd';
import { useState } from 'react';
import type { Outage } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { useOpenOutages, useOutageVerdict } from '../data/outages.js';
import { openOver } from '../data/route.js';
import { shortInstant } from '../model/instants.js';

/** What only a person can know: that this is no outage, or the same outage as another. Both are asked once more. */
export function OutageVerdict({ outage }: { outage: Outage }) {
  const texts = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useOutageVerdict();
  const [opened, setOpened] = useState(false);
  const others = (useOpenOutages('all', opened).data ?? []).filter((other) => other.id !== outage.id);
  const [note, setNote] = useState('');
  const [intoId, setIntoId] = useState<number | null>(null);
  if (outage.state !== 'suspected' && outage.state !== 'confirmed') return null;

  const decide = (into: number | null): void =>
    mutate(
      { id: outage.id, note: note.trim(), intoId: into },
      {
        onSuccess: () => {
          void message.success(into === null ? texts.decide.discarded : texts.decide.merged);
          openOver('outage', into);
        },
        onError: (error) => void message.error(error.message),
      },
    );
  const asked = { okText: texts.warning.acknowledge, cancelText: texts.decide.keep };
  return (
    <details className="verdict not-printed" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{texts.decide.more}</summary>
      <div className="warning-actions">
        <Input
          value={note}
          onChange={(event) => setNote(event.target.value)}
          placeholder={texts.decide.note}
          aria-label={texts.decide.note}
          maxLength={2_000}
        />
        <Space wrap>
          <Select<number>
            className="verdict-into"
            value={intoId}
            onChange={setIntoId}
            placeholder={texts.decide.mergeInto}
            aria-label={texts.decide.mergeInto}
            options={others.map((other) => ({
              value: other.id,
              label: `${other.rootAsset.name} · ${shortInstant(other.startedAt, null)}`,
            }))}
          />
          <Popconfirm title={texts.decide.mergeAsk} onConfirm={() => decide(intoId)} {...asked}>
            <Button disabled={intoId === null || isPending}>{texts.decide.merge}</Button>
          </Popconfirm>
          <Popconfirm title={texts.decide.discardAsk} onConfirm={() => decide(null)} {...asked}>
            <Button danger disabled={isPending}>
              {texts.decide.discard}
            </Button>
          </Popconfirm>
        </Space>
      </div>
    </details>
  );
}
