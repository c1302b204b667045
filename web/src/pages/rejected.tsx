import { App, Button, Empty, Popconfirm, Select, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import type { RejectedMessage } from '../data/api-types-network.js';
import { useTexts } from '../data/language.js';
import { useMay } from '../data/me.js';
import { useRedrive, useRejectedMessages } from '../data/rejected-messages.js';
import type { Redrive } from '../data/rejected-messages.js';
import { shortInstant } from '../model/instants.js';
import type { Texts } from '../model/texts-zh.js';

/** What terminals sent and nobody could store, with the reason; to be sent through again once that is mended. */
export function RejectedPage() {
  const texts = useTexts();
  const [reason, setReason] = useState<string | null>(null);
  const [chosen, setChosen] = useState<number[]>([]);
  const mayRedrive = useMay('POST /rejected-messages/redrive');
  const query = useRejectedMessages(reason);
  const columns = useMemo(() => columnsOf(texts), [texts]);
  const messages = query.data ?? [];
  return (
    <Panel
      title={`${texts.reject.title} · ${messages.length}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Select<string>
            allowClear
            size="small"
            className="filter"
            value={reason}
            onChange={(value?: string) => {
              setReason(value ?? null);
              setChosen([]);
            }}
            placeholder={texts.reject.reason}
            aria-label={texts.reject.reason}
            options={Object.entries(texts.reject.reasons).map(([value, label]) => ({ value, label }))}
          />
          <May call="POST /rejected-messages/redrive" quiet>
            {chosen.length > 0 && (
              <RedriveButton
                which={{ ids: chosen }}
                label={`${texts.reject.redrive} · ${texts.reject.selected(chosen.length)}`}
                onDone={() => setChosen([])}
              />
            )}
            {reason !== null && messages.length > 0 && chosen.length === 0 && (
              <RedriveButton which={{ reason }} label={texts.reject.redriveReason} onDone={() => setChosen([])} />
            )}
          </May>
        </div>
      }
    >
      <p className="faint redrive-hint">{texts.reject.hint}</p>
      <Table<RejectedMessage>
        rowKey="id"
        size="small"
        columns={columns}
        dataSource={messages}
        pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        {...(mayRedrive && {
          rowSelection: { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys.map(Number)) },
        })}
        onRow={(message) => ({ 'data-rejected': message.reason }) as object}
        expandable={{
          expandedRowRender: (message) => (
            <div className="messages-text">
              <div>{texts.reject.remedies[message.reason]}</div>
              <div className="faint">
                {message.topic} · {message.payloadBytes} B
              </div>
              <code>{message.payload}</code>
            </div>
          ),
        }}
        scroll={{ x: 860 }}
        locale={{ emptyText: <Empty description={texts.reject.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf({ reject }: Texts): TableColumnsType<RejectedMessage> {
  return [
    { title: reject.reason, width: 210, render: (_, { reason }) => reject.reasons[reason] ?? reason },
    { title: reject.terminal, dataIndex: 'terminal', width: 150 },
    { title: reject.detail, dataIndex: 'detail', ellipsis: true },
    { title: reject.count, dataIndex: 'count', width: 80, align: 'right' },
    {
      title: reject.first,
      width: 120,
      render: (_, message) => <span className="figure">{shortInstant(message.firstReceivedAt, null)}</span>,
    },
    {
      title: reject.last,
      width: 120,
      render: (_, message) => <span className="figure">{shortInstant(message.lastReceivedAt, null)}</span>,
    },
  ];
}

function RedriveButton({ which, label, onDone }: { which: Redrive; label: string; onDone: () => void }) {
  const { reject, warning, decide } = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useRedrive();
  const redrive = (): void =>
    mutate(which, {
      onSuccess: ({ requested }) => {
        void message.success(reject.requested(requested));
        onDone();
      },
      onError: (error) => void message.error(error.message),
    });
  return (
    <Popconfirm title={reject.redriveAsk} onConfirm={redrive} okText={warning.acknowledge} cancelText={decide.keep}>
      <Button size="small" type="primary" loading={isPending}>
        {label}
      </Button>
    </Popconfirm>
  );
}
