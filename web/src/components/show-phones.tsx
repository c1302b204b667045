import { EyeInvisibleOutlined, PhoneOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTexts } from '../data/language.js';
import { useMe } from '../data/me.js';
import type { Phone } from '../data/phones.js';
import { QueryError } from './panel.js';

/**
 * Numbers in clear for somebody who is about to phone: read only when asked for, kept by nobody but this cell, and each time recorded with
 * the reader's name. Not there for roles that never see them.
 */
export function ShowPhones({ read }: { read: () => Promise<Phone[]> }) {
  const { phones: texts } = useTexts();
  const { data: me } = useMe();
  const [phones, setPhones] = useState<readonly Phone[] | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  if (me?.personalData !== true) return null;
  const show = (): void => {
    setIsBusy(true);
    setError(null);
    read()
      .then(setPhones, (problem: unknown) => setError(problem as Error))
      .finally(() => setIsBusy(false));
  };
  return (
    <div className="phones not-printed">
      <QueryError error={error} onRetry={show} />
      {phones === null ? (
        <Button size="small" icon={<PhoneOutlined />} onClick={show} loading={isBusy} title={texts.recorded}>
          {texts.show}
        </Button>
      ) : (
        <>
          {phones.length === 0 && <span className="late">{texts.none}</span>}
          {phones.map(({ role, name, phone }) => (
            <span key={`${role} ${phone}`} data-phone={role}>
              <span className="faint">{texts.role[role]}</span> {name} <a href={`tel:${phone}`}>{phone}</a>
            </span>
          ))}
          <Button size="small" icon={<EyeInvisibleOutlined />} onClick={() => setPhones(null)}>
            {texts.hide}
          </Button>
        </>
      )}
    </div>
  );
}
