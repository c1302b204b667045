import { App, Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { DUNNING_RESULTS, DUNNING_STAGES, useDunning } from '../../data/arrears.js';
import type { AccountInArrears, DunningResult, DunningStage } from '../../data/arrears.js';
import { useLanguage, useWords } from '../../data/language.js';
import { useAccountPhones } from '../../data/phones.js';
import { serviceNow, serviceOffsetMinutes } from '../../data/service-clock.js';
import { ARREARS_TEXTS } from '../../model/arrears-texts.js';
import { atOffset, readableInstants } from '../../model/instants.js';
import { May } from '../may.js';
import { Refusal } from '../refusal.js';
import { ShowPhones } from '../show-phones.js';
import { DunningMessage } from './dunning-message.js';
import { FindingTable } from './finding-table.js';

/** Whom to call, what the next step waits for, what stands against a cut, and a step to take down. */
export function ArrearsDetail({ account }: { account: AccountInArrears }) {
  const texts = useWords(ARREARS_TEXTS);
  const isEnglish = useLanguage() === 'en';
  const phones = [
    ...[account.mobile, account.landline].flatMap((phone) => (phone === null ? [] : [phone])),
    ...account.contacts.map(({ name, phone }) => `${name} ${phone ?? '—'}`),
  ];
  const readPhones = useAccountPhones(account.accountNo);
  const { blockedBy } = account.next;
  return (
    <div className="promise-detail">
      <p>
        {texts.phones}: {phones.length === 0 ? <span className="late">{texts.noPhone}</span> : phones.join(' · ')}
      </p>
      {phones.length > 0 && <ShowPhones read={readPhones} />}
      {blockedBy.length > 0 && (
        <p>
          {texts.blockedBy}: {readableInstants(blockedBy.map((words) => (isEnglish ? words.en : words.zh)).join('; '))}
        </p>
      )}
      {account.cutBlockedBy.length > 0 && <FindingTable findings={account.cutBlockedBy} />}
      <May call="POST /arrears/:accountNo/dunning">
        <DunningForm account={account} />
      </May>
      <May call="POST /arrears/:accountNo/dunning/send" quiet>
        <DunningMessage account={account} />
      </May>
    </div>
  );
}

const isStage = (step: string): step is DunningStage => DUNNING_STAGES.some((stage) => stage === step);

function DunningForm({ account: { accountNo, next } }: { account: AccountInArrears }) {
  const texts = useWords(ARREARS_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending, error } = useDunning(accountNo);
  const [stage, setStage] = useState<DunningStage>(isStage(next.step) ? next.step : 'phone');
  const [result, setResult] = useState<DunningResult>('reached');
  const [promisedOn, setPromisedOn] = useState('');
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const text = (value: string, set: (value: string) => void, label: string, className: string, maxLength: number) => (
    <Input
      className={className}
      value={value}
      onChange={(event) => set(event.target.value)}
      placeholder={label}
      aria-label={label}
      maxLength={maxLength}
    />
  );
  const save = (): void => {
    const at = atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 19);
    const promise = result === 'promised' && promisedOn !== '' ? { promisedOn } : {};
    mutate(
      { stage, result, at, by: by.trim(), note: note.trim(), ...promise },
      {
        onSuccess: () => {
          setNote('');
          void message.success(texts.saved);
        },
      },
    );
  };
  return (
    <form
      className="step-form not-printed"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Segmented<DunningStage>
        size="small"
        value={stage}
        onChange={setStage}
        aria-label={texts.stageLabel}
        options={DUNNING_STAGES.map((value) => ({ value, label: texts.stage[value] }))}
      />
      <Select<DunningResult>
        className="step-by"
        value={result}
        onChange={setResult}
        aria-label={texts.resultLabel}
        options={DUNNING_RESULTS.map((value) => ({ value, label: texts.result[value] }))}
      />
      {result === 'promised' && (
        <input
          type="date"
          className="instant-input"
          value={promisedOn}
          aria-label={texts.promiseLabel}
          onChange={(event) => setPromisedOn(event.target.value)}
        />
      )}
      {text(by, setBy, texts.by, 'step-by', 100)}
      {text(note, setNote, texts.note, 'step-note', 500)}
      <Button type="primary" htmlType="submit" loading={isPending} disabled={by.trim() === ''}>
        {texts.book}
      </Button>
      <Refusal error={error} />
    </form>
  );
}
