import { Alert, App, Button, Form, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { PlannedNature } from '../data/api-types-network.js';
import { useBoard } from '../data/board.js';
import { useTexts } from '../data/language.js';
import { useAssets } from '../data/network.js';
import { useRegisterPlanned } from '../data/planned-outages.js';
import type { PlannedOutageInput } from '../data/planned-outages.js';
import { windowMinutes } from '../model/planned.js';
import { Refusal } from './refusal.js';

const NATURES: readonly PlannedNature[] = ['planned', 'temporary', 'rationing'];

/** Registers one planned work. The service refuses what cannot be; its words are shown. */
export function PlannedForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { plan } = useTexts();
  return (
    <Modal open={open} onCancel={onClose} title={plan.register} footer={null} destroyOnHidden>
      <Fields onDone={onClose} />
    </Modal>
  );
}

function Fields({ onDone }: { onDone: () => void }) {
  const texts = useTexts();
  const { plan } = texts;
  const { message } = App.useApp();
  const { mutate, isPending, error } = useRegisterPlanned();
  const longHours = useBoard().data?.longHours ?? 8;
  const [form] = Form.useForm<PlannedOutageInput>();
  const minutes = windowMinutes(Form.useWatch('startsAt', form) ?? '', Form.useWatch('endsAt', form) ?? '');
  const needed = [{ required: true, message: plan.missing }];
  return (
    <Form<PlannedOutageInput>
      form={form}
      layout="vertical"
      initialValues={{ nature: 'planned', reason: '' }}
      onFinish={(planned) =>
        mutate(planned, {
          onSuccess: () => {
            void message.success(plan.registered);
            onDone();
          },
        })
      }
    >
      <Form.Item name="externalId" label={plan.number} rules={needed}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="assets" label={plan.assets} rules={needed}>
        <AssetChoice />
      </Form.Item>
      <div className="two-fields">
        <Form.Item name="startsAt" label={plan.starts} rules={needed}>
          <input type="datetime-local" className="instant-input" />
        </Form.Item>
        <Form.Item name="endsAt" label={plan.ends} rules={needed}>
          <input type="datetime-local" className="instant-input" />
        </Form.Item>
      </div>
      {minutes !== null && minutes <= 0 && <Alert type="error" showIcon title={plan.backwards} />}
      {minutes !== null && minutes > longHours * 60 && (
        <Alert type="warning" showIcon title={plan.tooLong(longHours)} />
      )}
      <Form.Item name="nature" label={texts.warning.kind}>
        <Segmented options={NATURES.map((value) => ({ value, label: texts.nature[value] }))} />
      </Form.Item>
      <Form.Item name="reason" label={plan.reason}>
        <Input placeholder={plan.reasonHint} maxLength={2_000} />
      </Form.Item>
      <Refusal error={error} />
      <div className="form-end">
        <Button onClick={onDone}>{plan.leave}</Button>
        <Button type="primary" htmlType="submit" loading={isPending} disabled={minutes !== null && minutes <= 0}>
          {plan.save}
        </Button>
      </div>
    </Form>
  );
}

interface AssetChoiceProps {
  id?: string;
  value?: string[];
  onChange?: (codes: string[]) => void;
}

/** Codes of assets, found by a part of code or name; the form hands in id, value and onChange. */
function AssetChoice({ id, value = [], onChange }: AssetChoiceProps) {
  const { plan, lookup } = useTexts();
  const [q, setQ] = useState('');
  const found = useAssets(q).data ?? [];
  return (
    <Select<string[]>
      {...(id === undefined ? {} : { id })}
      mode="multiple"
      value={value}
      onChange={(codes) => onChange?.(codes)}
      showSearch={{ filterOption: false, onSearch: setQ }}
      placeholder={plan.assetsHint}
      options={found.map((asset) => ({
        value: asset.code,
        label: `${asset.name} ${asset.code} · ${lookup.kind[asset.kind] ?? asset.kind}`,
      }))}
    />
  );
}
