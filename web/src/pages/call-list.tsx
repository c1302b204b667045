import { App, Button, Empty, Input, Segmented, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import { Refusal } from '../components/refusal.js';
import { ShowPhones } from '../components/show-phones.js';
import type { Notice } from '../data/api-types.js';
import { useWords } from '../data/language.js';
import { MOST_CALLS, useCalled, useCallList } from '../data/notices.js';
import { useNoticePhones } from '../data/phones.js';
import { serviceNow } from '../data/service-clock.js';
import { usePrinting } from '../data/theme-choice.js';
import { CALL_LIST_TEXTS } from '../model/call-list-texts.js';
import type { CallListTexts } from '../model/call-list-texts.js';
import { shortInstant } from '../model/instants.js';
import '../styles/promises.css';

/** Whom somebody has to phone, since no message reaches them: what to say, why, at which number. */
export function CallListPage() {
  const texts = useWords(CALL_LIST_TEXTS);
  const printing = usePrinting();
  const [isCalled, setIsCalled] = useState(false);
  const query = useCallList(isCalled);
  const notices = query.data ?? [];
  const columns = useMemo(() => columnsOf(texts, isCalled), [texts, isCalled]);
  const more = notices.length < MOST_CALLS ? '' : ` (${texts.more(MOST_CALLS)})`;
  return (
    <Panel
      title={`${texts.title} · ${notices.length}${more}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Segmented<boolean>
            size="small"
            value={isCalled}
            onChange={setIsCalled}
            options={[
              { value: false, label: texts.list.toCall },
              { value: true, label: texts.list.called },
            ]}
          />
        </div>
      }
    >
      <Table<Notice>
        key={String(isCalled)}
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={notices}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName="openable"
        onRow={({ id }) => ({ 'data-call': id }) as object}
        expandable={{ expandRowByClick: true, expandedRowRender: (notice) => <Detail notice={notice} /> }}
        scroll={{ x: 800 }}
        locale={{ emptyText: <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function Detail({ notice }: { notice: Notice }) {
  const texts = useWords(CALL_LIST_TEXTS);
  const readPhones = useNoticePhones(notice);
  return (
    <div className="promise-detail">
      <p className="said">{notice.text}</p>
      {(notice.recipient !== null || notice.accountNo !== null) && <ShowPhones read={readPhones} />}
      {notice.state === 'queued' ? (
        <May call="POST /notices/:id/called">
          <CalledForm id={notice.id} />
        </May>
      ) : (
        <p className="faint">
          {texts.note}: {notice.lastError ?? '—'}
        </p>
      )}
    </div>
  );
}

function CalledForm({ id }: { id: number }) {
  const texts = useWords(CALL_LIST_TEXTS);
  const { message } = App.useApp();
  const { mutateAsync, isPending, error } = useCalled(id);
  const [note, setNote] = useState('');
  // The row leaves the list at once, and its form with it: what follows the call is said by the promise, not by the form.
  const save = (): void =>
    void mutateAsync(note.trim()).then(
      () => message.success(texts.done),
      () => undefined,
    );
  return (
    <form
      className="step-form not-printed"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Input
        className="step-note"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        placeholder={texts.note}
        aria-label={texts.note}
        maxLength={500}
      />
      <Button type="primary" htmlType="submit" loading={isPending}>
        {texts.called}
      </Button>
      <Refusal error={error} />
    </form>
  );
}

function columnsOf(texts: CallListTexts, isCalled: boolean): TableColumnsType<Notice> {
  return [
    {
      title: texts.who,
      width: 190,
      render: (_, { accountNo, staff, recipient }) => (
        <div className="two-lines">
          <strong className="figure">{accountNo ?? staff}</strong> {accountNo === null && texts.staff}
          <div className={recipient === null ? 'late' : 'faint figure'}>{recipient ?? texts.noNumber}</div>
        </div>
      ),
    },
    {
      title: texts.reason,
      width: 170,
      render: (_, { callReason, lastError }) => (
        <div className="two-lines" data-reason={callReason}>
          <div>{callReason === null ? '—' : texts.reasons[callReason]}</div>
          {!isCalled && lastError !== null && <div className="faint">{lastError}</div>}
        </div>
      ),
    },
    {
      title: texts.text,
      render: (_, { kind, text }) => (
        <div className="two-lines">
          <div>{texts.kind[kind] ?? kind}</div>
          <div className="faint clipped">{text}</div>
        </div>
      ),
    },
    {
      title: texts.since,
      width: 170,
      render: (_, notice) => (
        <div className="two-lines">
          <div className="figure">{shortInstant(notice.sentAt ?? notice.queuedAt, null)}</div>
          {isCalled ? <div className="faint">{notice.provider}</div> : <When notice={notice} texts={texts} />}
        </div>
      ),
    },
  ];
}

/** By night customers are left alone; a plan that has begun is no news. */
function When({ notice: { nextAttemptAt, expiresAt }, texts }: { notice: Notice; texts: CallListTexts }) {
  const now = serviceNow();
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return <div className="late">{texts.old}</div>;
  if (Date.parse(nextAttemptAt) > now)
    return <div className="faint">{texts.from(shortInstant(nextAttemptAt, null))}</div>;
  return expiresAt === null ? null : <div className="faint">{texts.until(shortInstant(expiresAt, null))}</div>;
}
