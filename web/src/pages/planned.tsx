import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Empty, Popconfirm, Segmented, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { ExportButton } from '../components/export-button.js';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import { PlannedForm } from '../components/planned-form.js';
import type { PlannedOutage } from '../data/api-types-network.js';
import { useTexts } from '../data/language.js';
import { useCancelPlanned, usePlannedOutages } from '../data/planned-outages.js';
import { goTo, openOver } from '../data/route.js';
import { useServiceNow } from '../data/service-clock.js';
import { usePrinting } from '../data/theme-choice.js';
import { formatDuration } from '../model/countdown.js';
import { PLANNED_COLUMNS } from '../model/export-columns.js';
import { shortInstant } from '../model/instants.js';
import { phaseOf, plannedShown } from '../model/planned.js';
import type { Texts } from '../model/texts-zh.js';

const ASSETS_SHOWN = 4;
const MINUTE_MS = 60_000;

/** Planned works: what is under way, what comes, and the way to register or cancel one. */
export function PlannedPage() {
  const texts = useTexts();
  const printing = usePrinting();
  const [all, setAll] = useState(false);
  const [registering, setRegistering] = useState(false);
  const query = usePlannedOutages(all);
  const now = Math.floor(useServiceNow() / MINUTE_MS) * MINUTE_MS;
  const works = useMemo(() => plannedShown(query.data ?? [], now), [query.data, now]);
  const columns = useMemo(() => columnsOf(texts, now), [texts, now]);
  return (
    <>
      <Panel
        title={`${texts.plan.title} · ${works.length}`}
        query={query}
        extra={
          <div className="panel-tools">
            <Segmented<boolean>
              size="small"
              value={all}
              onChange={setAll}
              options={[
                { value: false, label: texts.plan.current },
                { value: true, label: texts.plan.all },
              ]}
            />
            <ExportButton name="planned-outages" columns={PLANNED_COLUMNS} rows={works} />
            <May call="POST /planned-outages">
              <Button type="primary" size="small" icon={<PlusOutlined />} onClick={() => setRegistering(true)}>
                {texts.plan.register}
              </Button>
            </May>
          </div>
        }
      >
        <Table<PlannedOutage>
          rowKey="id"
          size="small"
          sticky={!printing}
          columns={columns}
          dataSource={works}
          pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
          rowClassName={(work) => `plan-${phaseOf(work, now)}`}
          onRow={(work) => ({ 'data-planned': work.externalId }) as object}
          scroll={{ x: 980 }}
          locale={{ emptyText: <Empty description={texts.plan.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
        />
      </Panel>
      <PlannedForm open={registering} onClose={() => setRegistering(false)} />
    </>
  );
}

function columnsOf(texts: Texts, now: number): TableColumnsType<PlannedOutage> {
  const { plan } = texts;
  return [
    { title: plan.state, width: 96, render: (_, work) => <strong>{plan.phase[phaseOf(work, now)]}</strong> },
    { title: plan.number, dataIndex: 'externalId', width: 124, ellipsis: true },
    {
      title: plan.assets,
      render: (_, { assets, nature }) => (
        <>
          {assets.slice(0, ASSETS_SHOWN).map((code) => (
            <button key={code} type="button" className="as-link code" onClick={() => goTo(`/network?q=${code}`)}>
              {code}
            </button>
          ))}
          {assets.length > ASSETS_SHOWN && <span className="faint">+{assets.length - ASSETS_SHOWN}</span>}
          <span className={`nature nature-${nature}`}>{texts.nature[nature]}</span>
        </>
      ),
    },
    { title: plan.starts, width: 104, render: (_, work) => <Instant at={work.startsAt} /> },
    { title: plan.ends, width: 104, render: (_, work) => <Instant at={work.endsAt} /> },
    {
      title: plan.length,
      width: 108,
      render: (_, work) => formatDuration(Date.parse(work.endsAt) - Date.parse(work.startsAt), texts),
    },
    {
      title: plan.reason,
      render: (_, { reason, registeredLate }) => (
        <>
          {reason || '—'}
          {registeredLate !== null && (
            <div className="late">{plan.late(Math.floor(registeredLate.givenHours), registeredLate.requiredHours)}</div>
          )}
        </>
      ),
    },
    {
      title: plan.outages,
      width: 84,
      render: (_, { outages }) =>
        outages.map((id) => (
          <button key={id} type="button" className="as-link code" onClick={() => openOver('outage', id)}>
            #{id}
          </button>
        )),
    },
    {
      title: '',
      width: 96,
      render: (_, work) =>
        ['coming', 'running'].includes(phaseOf(work, now)) && (
          <May call="DELETE /planned-outages/:id" quiet>
            <CancelButton id={work.id} />
          </May>
        ),
    },
  ];
}

const Instant = ({ at }: { at: string }) => <span className="figure">{shortInstant(at, null)}</span>;

function CancelButton({ id }: { id: number }) {
  const { plan, warning, decide } = useTexts();
  const { message } = App.useApp();
  const { mutate, isPending } = useCancelPlanned();
  const cancel = (): void =>
    mutate(id, {
      onSuccess: () => void message.success(plan.cancelled),
      onError: (error) => void message.error(error.message),
    });
  return (
    <Popconfirm title={plan.cancelAsk} onConfirm={cancel} okText={warning.acknowledge} cancelText={decide.keep}>
      <Button size="small" danger loading={isPending}>
        {plan.cancel}
      </Button>
    </Popconfirm>
  );
}
