import { CheckOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { App, Button, Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { Warning } from '../data/api-types.js';
import { useLanguage, useTexts } from '../data/language.js';
import type { Language } from '../data/language.js';
import { useMay } from '../data/me.js';
import { usePrinting } from '../data/theme-choice.js';
import { WARNING_COLUMNS } from '../model/export-columns.js';
import { useWarningAction } from '../data/warnings.js';
import type { Texts } from '../model/texts-zh.js';
import { Age, CountdownCell } from './countdown.js';
import { ExportButton } from './export-button.js';
import { Panel } from './panel.js';
import { SeverityTag } from './severity-tag.js';
import { useFresh } from './use-fresh.js';

interface WarningTableProps {
  query: UseQueryResult<Warning[]>;
  warnings: readonly Warning[];
  onOpen: (id: number) => void;
}

/** What somebody must act on; a row opens its evidence, the button acknowledges at once. */
export function WarningTable({ query, warnings, onOpen }: WarningTableProps) {
  const texts = useTexts();
  const printing = usePrinting();
  const ids = useMemo(() => query.data?.map((warning) => warning.id), [query.data]);
  const isFresh = useFresh(ids);
  const language = useLanguage();
  const columns = useMemo(() => columnsOf(texts, language, onOpen), [texts, language, onOpen]);
  return (
    <Panel
      title={`${texts.warning.title} · ${warnings.length}`}
      query={query}
      extra={
        <div className="panel-tools">
          <ExportButton name="warnings" columns={WARNING_COLUMNS} rows={warnings} />
        </div>
      }
    >
      <Table<Warning>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={warnings}
        pagination={printing ? false : { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={(warning) => `openable status-${warning.status}${isFresh(warning.id) ? ' fresh' : ''}`}
        onRow={(warning) => ({ 'data-warning': warning.id, onClick: () => onOpen(warning.id) }) as object}
        tableLayout="fixed"
        scroll={{ x: 820 }}
        locale={{ emptyText: <Empty description={texts.warning.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(texts: Texts, language: Language, onOpen: (id: number) => void): TableColumnsType<Warning> {
  const titleOf = (warning: Warning): string => (language === 'en' ? warning.titleEn : warning.title);
  return [
    { title: texts.filter.severity, width: 92, render: (_, { severity }) => <SeverityTag severity={severity} /> },
    {
      title: texts.warning.kind,
      render: (_, warning) => (
        <div className="two-lines">
          <button type="button" className="as-link" onClick={() => onOpen(warning.id)}>
            {texts.kind[warning.kind] ?? warning.kind}
          </button>
          <div className="faint clipped" title={titleOf(warning)}>
            {titleOf(warning)}
          </div>
        </div>
      ),
    },
    {
      title: texts.warning.subject,
      width: '24%',
      render: (_, { subject }) => (
        <div className="two-lines">
          <div className="clipped" title={subject.name}>
            {subject.name || subject.code}
          </div>
          <div className="faint">
            {subject.area} · {subject.code}
          </div>
        </div>
      ),
    },
    {
      title: texts.warning.age,
      width: 106,
      render: (_, warning) => <Age since={Date.parse(warning.happenedAt)} />,
    },
    {
      title: texts.warning.due,
      width: 182,
      render: (_, warning) =>
        warning.dueAt === null ? (
          <span className="faint">—</span>
        ) : (
          <CountdownCell
            startedAt={Date.parse(warning.happenedAt)}
            dueAt={Date.parse(warning.dueAt)}
            overText={texts.warning.overdue}
          />
        ),
    },
    {
      title: texts.warning.assignee,
      width: 150,
      render: (_, warning) => <Taker warning={warning} />,
    },
  ];
}

/** Who has it; an open warning offers to take it. */
function Taker({ warning }: { warning: Warning }) {
  const texts = useTexts();
  const { message } = App.useApp();
  const action = useWarningAction();
  const mayTake = useMay('POST /warnings/:id/acknowledge');
  if (warning.status !== 'open' || !mayTake) return <span>{warning.assignee ?? texts.status[warning.status]}</span>;
  return (
    <Button
      size="small"
      icon={<CheckOutlined />}
      loading={action.isPending}
      onClick={(event) => {
        event.stopPropagation();
        action.mutate(
          { id: warning.id, action: 'acknowledge' },
          {
            onSuccess: () => void message.success(texts.warning.done.acknowledge),
            onError: (error) => void message.error(error.message),
          },
        );
      }}
    >
      {texts.warning.acknowledge}
    </Button>
  );
}
