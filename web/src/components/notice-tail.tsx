import { Empty } from 'antd';
import { useMemo } from 'react';
import { useTexts } from '../data/language.js';
import { useRecentNotices } from '../data/notices.js';
import { shortInstant } from '../model/instants.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

/** What customers have just been told. */
export function NoticeTail() {
  const texts = useTexts();
  const query = useRecentNotices(60);
  const notices = query.data ?? [];
  const isFresh = useFresh(useMemo(() => query.data?.map((notice) => notice.id), [query.data]));
  return (
    <Panel title={texts.notices} query={query}>
      {notices.length === 0 && <Empty description={texts.noNotices} image={Empty.PRESENTED_IMAGE_SIMPLE} />}
      <ol className="tail">
        {notices.map((notice) => (
          <li key={notice.id} className={isFresh(notice.id) ? 'fresh' : ''} data-notice={notice.id}>
            <div className="tail-head">
              <span className="figure">{shortInstant(notice.sentAt ?? notice.queuedAt, null)}</span>
              <span>{notice.recipient ?? notice.accountNo ?? notice.staff}</span>
              <span className={`notice-state notice-${notice.state}`}>
                {texts.noticeState[notice.state] ?? notice.state}
              </span>
            </div>
            <div>{notice.text}</div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
