import { JournalTail } from '../components/journal-tail.js';
import { NoticeTail } from '../components/notice-tail.js';
import { OrderTable } from '../components/order-table.js';
import { DarkTable } from '../components/promises/dark-table.js';

/** Who paid and is still without supply; all promises to reconnect; what the service has just said and done. */
export function ReconnectionsPage() {
  return (
    <>
      <DarkTable />
      <div className="reconnection-columns">
        <OrderTable />
        <NoticeTail />
        <JournalTail />
      </div>
    </>
  );
}
