import type { RepairOrder } from './api-types-promises.js';
import type { Complaint, Notice } from './api-types.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';

/** Somebody who can be phoned about an account, a repair or a complaint. */
export interface Phone {
  role: 'notice' | 'caller' | 'contact' | 'customer' | 'owner' | 'tenant' | 'other';
  name: string;
  phone: string;
}

type Read = () => Promise<Phone[]>;

/** Reads in clear whom to phone about an account. */
export function useAccountPhones(accountNo: string): Read {
  const api = useApi();
  return async () =>
    (await api.getInClear<{ items: Phone[] }>(`/accounts/${encodeURIComponent(accountNo)}/phones`)).items;
}

/** The same for a repair: who called, whom to ask at the place, then the account's numbers. */
export function useRepairPhones({ id, accountNo }: RepairOrder): Read {
  const api = useApi();
  const readAccount = useAccountPhones(accountNo ?? '');
  return async () => {
    const { callerPhone, contact } = await api.getInClear<RepairOrder>(`/repair-orders/${id}`);
    return [
      ...(callerPhone === null ? [] : [{ role: 'caller' as const, name: '', phone: callerPhone }]),
      ...(contact === null ? [] : [{ role: 'contact' as const, name: '', phone: contact }]),
      ...(accountNo === null ? [] : await readAccount()),
    ];
  };
}

/** The same for a complaint: who called, then the account's numbers. */
export function useComplaintPhones({ id, accountNo }: Complaint): Read {
  const api = useApi();
  const readAccount = useAccountPhones(accountNo ?? '');
  return async () => {
    const { callerPhone } = await api.getInClear<Complaint>(`/complaints/${id}`);
    return [
      ...(callerPhone === null ? [] : [{ role: 'caller' as const, name: '', phone: callerPhone }]),
      ...(accountNo === null ? [] : await readAccount()),
    ];
  };
}

/** The same for a notice that no message carried: the number that it is for, then the account's others. */
export function useNoticePhones({ id, accountNo, eventType, eventId }: Notice): Read {
  const api = useApi();
  const readAccount = useAccountPhones(accountNo ?? '');
  return async () => {
    const about = new URLSearchParams({ eventType, eventId: String(eventId), channel: 'call_list', limit: '200' });
    if (accountNo !== null) about.set('accountNo', accountNo);
    const { items } = await api.getInClear<Page<Notice>>(`/notices?${about.toString()}`);
    const recipient = items.find((notice) => notice.id === id)?.recipient ?? null;
    const others = accountNo === null ? [] : await readAccount();
    return [
      ...(recipient === null ? [] : [{ role: 'notice' as const, name: '', phone: recipient }]),
      ...others.filter(({ phone }) => phone !== recipient),
    ];
  };
}
