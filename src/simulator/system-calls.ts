import type { SimCity } from './city.js';
import { customerAt } from './city.js';
import type { ArrearsCase, PlannedWork, SimCall } from './incident.js';

/** What the planning system tells: the work, when it was registered. */
export const callsOfWork = (work: PlannedWork): SimCall[] => [
  {
    at: work.registeredAt,
    method: 'POST',
    path: '/planned-outages',
    what: `planned work ${work.externalId}`,
    body: {
      externalId: work.externalId,
      assets: work.assetCodes,
      startsAt: work.startsAt,
      endsAt: work.endsAt,
      nature: work.nature,
      reason: work.reason,
    },
  },
];

/** What the billing system tells along one customer's case, each call at the instant its system would make it. */
export function callsOfCase(city: SimCity, arrears: ArrearsCase): SimCall[] {
  const { accountNo } = customerAt(city, arrears.customer);
  const what = `arrears case ${arrears.externalId}`;
  const call = (at: number, path: string, body: Record<string, unknown>): SimCall => ({
    at,
    method: 'POST',
    path,
    body,
    what,
  });
  const calls = [
    call(arrears.dunnedAt - 60_000, '/arrears', { accountNo, amount: arrears.amount, dueOn: arrears.dueOn }),
    call(arrears.dunnedAt, `/arrears/${accountNo}/dunning`, {
      stage: 'phone',
      at: arrears.dunnedAt,
      by: '催费员02',
      result: '已电话告知，客户答应缴费',
    }),
    call(arrears.noticeServedAt, `/arrears/${accountNo}/dunning`, {
      stage: 'onsite',
      at: arrears.noticeServedAt,
      by: '催费员02',
      result: '送达停电通知书，客户签收',
    }),
    call(arrears.cutAt, '/disconnections', {
      externalId: arrears.externalId,
      accountNo,
      reason: 'arrears',
      approvedBy: '营业部主任',
      noticeServedAt: arrears.noticeServedAt,
      finalNoticeAt: arrears.finalNoticeAt,
      plannedAt: arrears.cutAt,
      disconnectedAt: arrears.cutAt,
    }),
  ];
  if (arrears.paidAt !== null) {
    calls.push(
      call(arrears.paidAt, '/payments', {
        externalId: `PAY-${arrears.externalId}`,
        accountNo,
        paidAt: arrears.paidAt,
        amount: arrears.amount,
        settled: true,
      }),
    );
  }
  if (arrears.reconnectedAt !== null) {
    calls.push(
      call(arrears.reconnectedAt, '/reconnections', {
        accountNo,
        reconnectedAt: arrears.reconnectedAt,
        by: '复电班03',
      }),
    );
  }
  return calls;
}
