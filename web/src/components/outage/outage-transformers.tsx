import { App, Button, Popconfirm, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import type { OutageDetail, OutageTransformer } from '../../data/api-types.js';
import { useTexts, useWords } from '../../data/language.js';
import { useMay } from '../../data/me.js';
import { useOutageSplit } from '../../data/outages.js';
import { goTo, openOver } from '../../data/route.js';
import { shortInstant } from '../../model/instants.js';
import { OUTAGE_TEXTS } from '../../model/outage-texts.js';
import type { Texts } from '../../model/texts-zh.js';

/** The transformers of an outage; chosen ones can be made an outage of their own. */
export function OutageTransformers({ outage }: { outage: OutageDetail }) {
  const frame = useTexts();
  const texts = useWords(OUTAGE_TEXTS);
  const { message } = App.useApp();
  const { mutate, isPending } = useOutageSplit();
  const [chosen, setChosen] = useState<string[]>([]);
  const columns = useMemo(() => columnsOf(frame), [frame]);
  const codes = useMemo(() => new Set(outage.transformers.map(({ code }) => code)), [outage.transformers]);
  const maySplit = useMay('POST /outages/:id/split') && outage.state !== 'discarded' && codes.size > 1;
  const split = (): void =>
    mutate(
      { id: outage.id, transformers: chosen },
      {
        onSuccess: ({ id }) => {
          setChosen([]);
          void message.success(texts.splitDone(id));
          openOver('outage', id);
        },
        onError: (error) => void message.error(error.message),
      },
    );
  return (
    <>
      <h3>{frame.outage.transformers(codes.size)}</h3>
      <Table<OutageTransformer>
        rowKey={(row) => `${row.code} ${row.startedAt}`}
        size="small"
        columns={columns}
        dataSource={outage.transformers}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        {...(maySplit && {
          rowSelection: {
            onChange: (_, rows) => setChosen([...new Set(rows.map(({ code }) => code))]),
            selectedRowKeys: outage.transformers
              .filter(({ code }) => chosen.includes(code))
              .map((row) => `${row.code} ${row.startedAt}`),
          },
        })}
      />
      {chosen.length > 0 && (
        <Popconfirm
          title={texts.splitAsk}
          onConfirm={split}
          okText={frame.warning.acknowledge}
          cancelText={frame.decide.keep}
        >
          <Button size="small" className="not-printed" loading={isPending} disabled={chosen.length >= codes.size}>
            {texts.split(chosen.length)}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}

function columnsOf(texts: Texts): TableColumnsType<OutageTransformer> {
  return [
    {
      title: texts.outage.code,
      render: (_, { code }) => (
        <button type="button" className="as-link" onClick={() => goTo(`/network?q=${encodeURIComponent(code)}`)}>
          {code}
        </button>
      ),
    },
    { title: texts.outage.customers, dataIndex: 'customers', align: 'right' },
    {
      title: texts.outage.since,
      render: (_, row) => <span className="figure">{shortInstant(row.startedAt, null)}</span>,
    },
    {
      title: texts.outage.until,
      render: (_, row) => (
        <span className={`figure${row.endedAt === null ? '' : ' done'}`}>{shortInstant(row.endedAt, null)}</span>
      ),
    },
  ];
}
