import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { PAYMENT_COLUMNS } from '../../domain/reconnection/payment-rows.js';
import type { GivenOf, RawRow } from '../../domain/register/column.js';
import type { Tx } from '../database/database.js';
import { CLEARED_WITHOUT_SETTLED, SETTLED_WITH_REST } from './order.schemas.js';
import { byLine, readRows } from '../network/read-rows.js';
import type { ImportResult } from '../network/read-rows.js';
import { lockAccounts } from './account-facts.js';
import { differencesTo, earlierThanPaid, findPayments, takePayments } from './payments.js';
import type { PaymentOfCustomer, PaymentReport } from './payments.js';

/**
 * Takes a billing system's payments, idempotent by external id: a line that is known with the same content counts as accepted, one with
 * other content is refused. Lines are taken together in one transaction; a wrong line does not hold up the others.
 */
export async function importPayments(
  tx: Tx,
  active: PolicyInForce,
  raw: readonly RawRow[],
  actor: string,
): Promise<ImportResult> {
  const { rows, rejected } = readRows(PAYMENT_COLUMNS, 'external_id', raw);
  const latest = tx.now + active.policy.telemetry.futureToleranceMinutes * MINUTE_MS;
  const reports = new Map<number, PaymentReport>();
  for (const [line, row] of rows) {
    const { external_id: externalId, account_no: accountNo, paid_at: paidAt, amount, settled } = row;
    const missing = [
      ...(externalId === undefined ? ['external_id'] : []),
      ...(accountNo === undefined ? ['account_no'] : []),
      ...(paidAt == null ? ['paid_at'] : []),
      ...(amount == null ? ['amount'] : []),
      ...(settled === undefined ? ['settled'] : []),
    ];
    if (
      externalId === undefined ||
      accountNo === undefined ||
      paidAt == null ||
      amount == null ||
      settled === undefined
    )
      rejected.push({ line, reason: `${missing.join(', ')} is missing; interface: POST /payments` });
    else {
      const report = {
        externalId,
        accountNo,
        paidAt,
        amount,
        settled,
        receivedAt: row.received_at ?? null,
        clearedAt: row.cleared_at ?? null,
        outstandingArrears: row.outstanding_arrears ?? null,
        outstandingPenalty: row.outstanding_penalty ?? null,
      };
      const faults = [
        ...faultsOf(row, latest),
        ...earlierThanPaid(report, active).map((field) => `${COLUMN_OF[field]} lies before paid_at; ${TOLERANCE}`),
      ];
      if (faults.length > 0) rejected.push({ line, reason: faults.join('; ') });
      else reports.set(line, report);
    }
  }
  const accounts = await lockAccounts(
    tx,
    [...reports.values()].map(({ accountNo }) => accountNo),
  );
  const payments: PaymentOfCustomer[] = [];
  for (const [line, report] of reports) {
    const account = accounts.get(report.accountNo);
    if (account !== undefined) payments.push({ ...report, customerId: account.id });
    else {
      reports.delete(line);
      rejected.push({ line, reason: `account ${report.accountNo} is not in the register; import the customer first` });
    }
  }
  await takePayments(tx, active, payments, actor);
  const stored = new Map(
    (
      await findPayments(
        tx,
        payments.map(({ externalId }) => externalId),
      )
    ).map((payment) => [payment.externalId, payment]),
  );
  for (const [line, report] of reports) {
    const known = stored.get(report.externalId);
    const different = known === undefined ? [] : differencesTo(known, report);
    if (different.length > 0) {
      reports.delete(line);
      rejected.push({
        line,
        reason: `payment ${report.externalId} is on record with another ${different.join(', ')}; a fact that was sent is not changed (reverse it, or send another number)`,
      });
    }
  }
  return { accepted: reports.size, rejected: byLine(rejected) };
}

const TOLERANCE = 'policy telemetry.futureToleranceMinutes';
const COLUMN_OF = { receivedAt: 'received_at', clearedAt: 'cleared_at' } as const;

/** What `POST /payments` would refuse of a row that is complete. */
function faultsOf(row: GivenOf<typeof PAYMENT_COLUMNS>, latest: number): string[] {
  const isOutstanding = (row.outstanding_arrears ?? 0) > 0 || (row.outstanding_penalty ?? 0) > 0;
  return [
    ...(['paid_at', 'received_at', 'cleared_at'] as const)
      .filter((name) => (row[name] ?? -Infinity) > latest)
      .map((name) => `${name} lies in the future; ${TOLERANCE}`),
    ...(row.settled === true && isOutstanding ? [`settled ${SETTLED_WITH_REST}`] : []),
    ...(row.settled === false && row.cleared_at != null ? [`cleared_at ${CLEARED_WITHOUT_SETTLED}`] : []),
  ];
}
