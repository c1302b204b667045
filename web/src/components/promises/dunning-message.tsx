import { App, Button, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useSendDunning } from '../../data/arrears.js';
import type { AccountInArrears } from '../../data/arrears.js';
import { useTexts, useWords } from '../../data/language.js';
import { ARREARS_TEXTS } from '../../model/arrears-texts.js';
import { Refusal } from '../refusal.js';

/** The customer is written to, not one of the contacts. */
const CUSTOMER = '';

/** Has the service write to the customer or to a contact of the account. */
export function DunningMessage({ account: { accountNo, name, contacts, sms } }: { account: AccountInArrears }) {
  const texts = useWords(ARREARS_TEXTS);
  const { phones } = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending, error } = useSendDunning(accountNo);
  const [contact, setContact] = useState(CUSTOMER);
  const isCalled = contact === CUSTOMER && !sms;
  const send = (): void =>
    mutate(contact === CUSTOMER ? null : contact, {
      onSuccess: () => void message.success(isCalled ? texts.listed : texts.ordered),
    });
  return (
    <div className="step-form not-printed">
      {contacts.length > 0 && (
        <Select<string>
          className="step-by"
          value={contact}
          onChange={setContact}
          aria-label={texts.to}
          options={[
            { value: CUSTOMER, label: `${phones.role.customer} ${name}` },
            ...contacts.map((one) => ({ value: one.externalId, label: `${phones.role[one.role]} ${one.name}` })),
          ]}
        />
      )}
      <Popconfirm title={isCalled ? texts.listAsk : texts.sendAsk} onConfirm={send} okText={texts.send}>
        <Button loading={isPending}>{texts.send}</Button>
      </Popconfirm>
      <Refusal error={error} />
    </div>
  );
}
