import {
  ARREARS_COLUMNS,
  CONTACT_COLUMNS,
  DUNNING_COLUMNS,
  PROTECTION_COLUMNS,
} from '../../domain/reconnection/fact-rows.js';
import { readDunningResult } from '../../domain/reconnection/dunning.js';
import type { RawRow, RejectedRow } from '../../domain/register/column.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { byLine } from '../network/read-rows.js';
import type { ImportResult } from '../network/read-rows.js';
import { lockAccounts, unknownAccount } from './account-facts.js';
import type { Account } from './account-facts.js';
import { paidAlready, recordBills } from './arrears.js';
import { PROMISE_WITHOUT_RESULT, readWords } from './dunning.schemas.js';
import { writeContacts } from './contacts.js';
import { noContact, otherStep, recordSteps, toleranceMs, withContacts } from './dunning.js';
import { writeProtections } from './protections.js';
import { readFacts } from './read-facts.js';

/** Files of billing systems: each is one transaction; a wrong line is answered with its reason, the others are taken. */

export type ImportOfAccounts = (
  tx: Tx,
  active: PolicyInForce,
  raw: readonly RawRow[],
  actor: string,
) => Promise<ImportResult>;

export const importArrears: ImportOfAccounts = async (tx, active, raw, actor) => {
  const { rows, rejected } = readFacts(
    ARREARS_COLUMNS,
    ['account_no', 'amount', 'due_on'],
    (row) => `${row.account_no} ${row.due_on}`,
    raw,
  );
  const known = await withAccounts(tx, rows, rejected);
  const recorded = await recordBills(
    tx,
    active,
    known.map(({ account, row }) => ({ account, amount: row.amount, dueOn: row.due_on })),
    actor,
  );
  const taken = new Set(recorded.map(({ customerId, dueOn }) => `${customerId} ${dueOn}`));
  const refused = known.filter(({ account, row }) => !taken.has(`${account.id} ${row.due_on}`));
  for (const { line, row } of refused) {
    rejected.push({ line, reason: paidAlready({ accountNo: row.account_no, dueOn: row.due_on }) });
  }
  return { accepted: known.length - refused.length, rejected: byLine(rejected) };
};

export const importDunning: ImportOfAccounts = async (tx, active, raw, actor) => {
  const { rows, rejected } = readFacts(
    DUNNING_COLUMNS,
    ['external_id', 'account_no', 'stage', 'at', 'by', 'result'],
    (row) => row.external_id,
    raw,
  );
  const latest = tx.now + toleranceMs(active);
  for (const [line, { at, result, promised_on: promisedOn }] of rows) {
    const faults = [
      ...(at > latest ? ['at lies in the future; record a step once it was taken'] : []),
      ...(promisedOn != null && readDunningResult(result) !== 'promised'
        ? [`promised_on ${PROMISE_WITHOUT_RESULT}`]
        : []),
    ];
    if (faults.length === 0) continue;
    rows.delete(line);
    rejected.push({ line, reason: faults.join('; ') });
  }
  const given = (await withAccounts(tx, rows, rejected)).map(({ line, account, row }) => ({
    line,
    account,
    contact: row.contact ?? null,
    step: {
      externalId: row.external_id,
      stage: row.stage,
      at: row.at,
      by: row.by,
      ...readWords(row.result, row.note ?? ''),
      promisedOn: row.promised_on ?? null,
      contact: row.contact ?? null,
      phone: row.phone ?? null,
      proof: row.proof ?? '',
    },
  }));
  const known = (await withContacts(tx, given)).flatMap((one) => {
    if (one.step !== null) return [{ ...one, step: one.step }];
    rejected.push({ line: one.line, reason: noContact(one.contact) });
    return [];
  });
  const recorded = await recordSteps(tx, active, known, actor);
  const refused = known.filter((_, index) => recorded[index] == null);
  for (const { line, step } of refused) rejected.push({ line, reason: otherStep(step.externalId) });
  return { accepted: known.length - refused.length, rejected: byLine(rejected) };
};

export const importContacts: ImportOfAccounts = async (tx, _, raw) => {
  const { rows, rejected } = readFacts(
    CONTACT_COLUMNS,
    ['external_id', 'account_no', 'role', 'name', 'valid_from'],
    (row) => row.external_id,
    raw,
  );
  const known = endingAfterBegin(await withAccounts(tx, rows, rejected), rejected);
  const foreign = await writeContacts(
    tx,
    known.map(({ account, row }) => ({
      account,
      contact: {
        externalId: row.external_id,
        role: row.role,
        name: row.name,
        phone: row.phone ?? null,
        validFrom: row.valid_from,
        validTo: row.valid_to ?? null,
        source: row.source ?? '',
      },
    })),
  );
  return answer(known, foreign, rejected);
};

export const importProtections: ImportOfAccounts = async (tx, active, raw, actor) => {
  const { rows, rejected } = readFacts(
    PROTECTION_COLUMNS,
    ['external_id', 'kind', 'valid_from'],
    (row) => row.external_id,
    raw,
  );
  const accounts = await lockAccounts(
    tx,
    [...rows.values()].flatMap((row) => row.account_no ?? []),
  );
  const given = endingAfterBegin(
    [...rows].flatMap(([line, row]) => {
      const account = row.account_no == null ? null : accounts.get(row.account_no);
      if (account === undefined) rejected.push({ line, reason: unknownAccount(row.account_no ?? '').message });
      else if (account !== null && row.area != null) rejected.push({ line, reason: 'names an account and an area' });
      else return [{ line, row, account }];
      return [];
    }),
    rejected,
  );
  const foreign = await writeProtections(
    tx,
    active,
    given.map(({ account, row }) => ({
      account,
      protection: {
        externalId: row.external_id,
        kind: row.kind,
        accountNo: row.account_no ?? null,
        area: row.area ?? null,
        validFrom: row.valid_from,
        validTo: row.valid_to ?? null,
        reason: row.reason ?? '',
      },
    })),
    actor,
  );
  return answer(given, foreign, rejected);
};

/** The rows whose account the register has, the accounts locked. */
async function withAccounts<Row extends { account_no: string }>(
  tx: Tx,
  rows: ReadonlyMap<number, Row>,
  rejected: RejectedRow[],
): Promise<{ line: number; row: Row; account: Account }[]> {
  const accounts = await lockAccounts(
    tx,
    [...rows.values()].map((row) => row.account_no),
  );
  return [...rows].flatMap(([line, row]) => {
    const account = accounts.get(row.account_no);
    if (account !== undefined) return [{ line, row, account }];
    rejected.push({ line, reason: unknownAccount(row.account_no).message });
    return [];
  });
}

function endingAfterBegin<Given extends { line: number; row: { valid_from: number; valid_to?: number | null } }>(
  given: readonly Given[],
  rejected: RejectedRow[],
): Given[] {
  return given.filter(({ line, row }) => {
    if (row.valid_to == null || row.valid_to > row.valid_from) return true;
    rejected.push({ line, reason: 'valid_to must be later than valid_from' });
    return false;
  });
}

function answer(
  given: readonly { line: number; row: { external_id: string } }[],
  foreign: ReadonlySet<string>,
  rejected: RejectedRow[],
): ImportResult {
  const refused = given.filter(({ row }) => foreign.has(row.external_id));
  for (const { line, row } of refused)
    rejected.push({ line, reason: `external_id ${row.external_id} is known for somebody else; give it its own` });
  return { accepted: given.length - refused.length, rejected: byLine(rejected) };
}
