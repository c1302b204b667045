import { App, Button, Input, Space } from 'antd';
import { useState } from 'react';
import type { Outage } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { useOutageChange } from '../data/outages.js';

/** Cause and expected restoration, set by a person; the rules leave them alone from then on. */
export function OutageDecision({ outage }: { outage: Outage }) {
  const texts = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useOutageChange();
  const [cause, setCause] = useState(outage.cause ?? '');
  // Wall clock of the utility on both sides: an instant without a zone is read in the utility's zone.
  const [etr, setEtr] = useState(outage.estimatedRestorationAt?.slice(0, 16) ?? '');
  const save = (): void =>
    mutate(
      { id: outage.id, cause: cause.trim(), estimatedRestorationAt: etr === '' ? null : etr },
      {
        onSuccess: () => void message.success(texts.outage.saved),
        onError: (error) => void message.error(error.message),
      },
    );
  return (
    <div className="warning-actions">
      <Input
        value={cause}
        onChange={(event) => setCause(event.target.value)}
        placeholder={texts.outage.causeHint}
        aria-label={texts.outage.cause}
        maxLength={2_000}
      />
      <Space wrap>
        <label className="faint">
          {texts.outage.etr}{' '}
          <input
            type="datetime-local"
            className="instant-input"
            value={etr}
            onChange={(event) => setEtr(event.target.value)}
          />
        </label>
        <Button type="primary" onClick={save} loading={isPending}>
          {texts.outage.save}
        </Button>
      </Space>
    </div>
  );
}
