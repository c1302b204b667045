import { Empty, Segmented, Select, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { CountdownCell } from '../components/countdown.js';
import { Panel } from '../components/panel.js';
import { PauseForm } from '../components/promises/pause-form.js';
import { Receipt } from '../components/promises/receipt-button.js';
import type { Deadline } from '../data/api-types-promises.js';
import { useDeadlines } from '../data/deadlines.js';
import { useLanguage, useTexts, useWords } from '../data/language.js';
import { openOver } from '../data/route.js';
import { usePrinting } from '../data/theme-choice.js';
import { wallClock } from '../model/instants.js';
import { PROMISE_TEXTS } from '../model/promise-texts.js';
import type { PromiseTexts } from '../model/promise-texts.js';
import type { Texts } from '../model/texts-zh.js';
import { subjectWords } from '../model/words.js';

const STATES = ['pending', 'paused', 'fired', 'met'] as const;

/** Every promise with an instant, and for each how the instant came about. */
export function DeadlinesPage() {
  const frame = useTexts();
  const texts = useWords(PROMISE_TEXTS);
  const language = useLanguage();
  const printing = usePrinting();
  const [state, setState] = useState<(typeof STATES)[number]>('pending');
  const [kind, setKind] = useState<string | null>(null);
  const query = useDeadlines({ state, kind: kind ?? undefined });
  const columns = useMemo(() => columnsOf(frame, texts, language), [frame, texts, language]);
  return (
    <Panel
      title={`${texts.deadlines} · ${query.data?.length ?? 0}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Segmented
            size="small"
            value={state}
            onChange={setState}
            options={STATES.map((value) => ({ value, label: texts.stageState[value] ?? value }))}
          />
          <Select<string>
            allowClear
            size="small"
            className="filter"
            value={kind}
            onChange={(value?: string) => setKind(value ?? null)}
            placeholder={texts.kind}
            aria-label={texts.kind}
            options={Object.entries(texts.deadlineKind).map(([value, label]) => ({ value, label }))}
          />
        </div>
      }
    >
      <Table<Deadline>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={query.data ?? []}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName="openable"
        onRow={(deadline) => ({ 'data-deadline': deadline.kind }) as object}
        expandable={{
          expandRowByClick: true,
          expandedRowRender: (deadline) => (
            <>
              <Receipt id={deadline.id} />
              <PauseForm deadline={deadline} />
            </>
          ),
        }}
        scroll={{ x: 820 }}
        locale={{ emptyText: <Empty description={texts.noDeadlines} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(frame: Texts, texts: PromiseTexts, language: string): TableColumnsType<Deadline> {
  return [
    {
      title: frame.reconnection.countdown,
      width: 168,
      render: (_, { dueAt, state }) =>
        state === 'pending' ? (
          // A deadline does not say when its clock began; the bar is that of the last day.
          <CountdownCell
            startedAt={Date.parse(dueAt) - 86_400_000}
            dueAt={Date.parse(dueAt)}
            overText={frame.reconnection.over}
          />
        ) : (
          <span className={`deadline-${state}`}>{texts.stageState[state]}</span>
        ),
    },
    {
      title: texts.due,
      width: 180,
      render: (_, { dueAt }) => <span className="figure">{Object.values(wallClock(dueAt)).join(' ')}</span>,
    },
    { title: texts.kind, width: 180, render: (_, { kind }) => <strong>{texts.deadlineKind[kind] ?? kind}</strong> },
    { title: texts.stages, width: 100, render: (_, { stage }) => texts.stage[stage] ?? stage },
    {
      title: texts.subject,
      render: (_, { subjectType, subjectId }) =>
        subjectType === 'outage' ? (
          <button type="button" className="as-link" onClick={() => openOver('outage', subjectId)}>
            {subjectWords(subjectType, language)} #{subjectId}
          </button>
        ) : (
          `${subjectWords(subjectType, language)} #${subjectId}`
        ),
    },
    { title: texts.area, dataIndex: 'area', width: 120 },
  ];
}
