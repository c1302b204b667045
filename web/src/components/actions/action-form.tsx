import { App, Button, Form, Input, Segmented, Skeleton } from 'antd';
import { ACTION_KINDS, useRecordAction } from '../../data/actions.js';
import type { ActionInput, ActionKind } from '../../data/actions.js';
import { useTexts, useWords } from '../../data/language.js';
import { useAsset } from '../../data/network.js';
import { serviceNow, serviceOffsetMinutes } from '../../data/service-clock.js';
import { ACTION_TEXTS } from '../../model/action-texts.js';
import { atOffset } from '../../model/instants.js';
import { Refusal } from '../refusal.js';

/** Records what was done; a tap move begins at the tap of the register, which it also moves. */
export function ActionForm({ code, onDone }: { code: string; onDone: () => void }) {
  const asset = useAsset(code);
  if (asset.isPending) return <Skeleton active />;
  return <Fields code={code} tap={asset.data?.tapPosition ?? null} onDone={onDone} />;
}

function Fields({ code, tap, onDone }: { code: string; tap: number | null; onDone: () => void }) {
  const texts = useWords(ACTION_TEXTS);
  const { plan } = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending, error } = useRecordAction(code);
  const [form] = Form.useForm<ActionInput>();
  const kind: ActionKind = Form.useWatch('kind', form) ?? 'tap_moved';
  const fromOf = (kind: ActionKind): string => (kind === 'tap_moved' && tap !== null ? String(tap) : '');
  const needed = [{ required: true, whitespace: true, message: plan.missing }];
  return (
    <Form<ActionInput>
      form={form}
      layout="vertical"
      className="action-form"
      initialValues={{
        kind,
        from: fromOf(kind),
        note: '',
        at: atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 16),
      }}
      onValuesChange={({ kind }: Partial<ActionInput>) => {
        if (kind !== undefined) form.setFieldsValue({ from: fromOf(kind), to: '' });
      }}
      onFinish={(action) =>
        mutate(action, {
          onSuccess: () => {
            void message.success(texts.saved);
            onDone();
          },
        })
      }
    >
      <Form.Item name="kind">
        <Segmented<ActionKind> options={ACTION_KINDS.map((value) => ({ value, label: texts.kind[value] }))} />
      </Form.Item>
      <div className="two-fields">
        <Form.Item name="from" label={texts.from[kind]} rules={needed}>
          <Input placeholder={texts.hint[kind]} maxLength={200} />
        </Form.Item>
        <Form.Item name="to" label={texts.to[kind]} rules={needed}>
          <Input placeholder={texts.hint[kind]} maxLength={200} />
        </Form.Item>
        <Form.Item name="at" label={texts.at} rules={needed}>
          <input type="datetime-local" className="instant-input" />
        </Form.Item>
        <Form.Item name="by" label={texts.by} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={texts.note}>
        <Input maxLength={2_000} />
      </Form.Item>
      <Refusal error={error} />
      <div className="form-end">
        <Button onClick={onDone}>{texts.leave}</Button>
        <Button type="primary" htmlType="submit" loading={isPending}>
          {texts.save}
        </Button>
      </div>
    </Form>
  );
}
