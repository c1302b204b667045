import { JournalTail } from '../components/journal-tail.js';
import { NoticeTail } from '../components/notice-tail.js';
import { OrderTable } from '../components/order-table.js';

/** Promises to reconnect, and what the service has just said and done. */
export function ReconnectionsPage() {
  return (
    <div className="reconnection-columns">
      <OrderTable />
      <NoticeTail />
      <JournalTail />
    </div>
  );
}
