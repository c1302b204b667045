import { isOpen } from '../../domain/outage-record.js';
import type { OutageDecisions } from '../../domain/outage-record.js';
import { Fault } from '../../fault.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { recordDecision, standingOf } from './decision-log.js';
import { addNews, newRecord, OutageBoard, withNote } from './outage-board.js';
import type { BoardOutage } from './outage-board.js';
import { lockOutages } from './outage-rows.js';
import { saveBoard } from './outage-save.js';

/** Who decides, by which policy. */
export interface Decider {
  actor: string;
  active: PolicyInForce;
}

export type OutageChange = Pick<OutageDecisions, 'nature' | 'cause' | 'estimatedRestorationAt' | 'state'>;

/**
 * A dispatcher sets fields of an outage; the rules leave them alone from then on. `state`: `confirmed` before the momentary limit has
 * passed; `restored` on the crew's word, before power is measured (transformers not measured yet count as restored now);
 * `closed` when measurement is not to be waited for.
 * @throws Fault `not_found`, `not_allowed` (`outage_state_not_allowed`), `invalid_input` for a restoration before the outage
 */
export async function changeOutage(tx: Tx, id: number, change: OutageChange, by: Decider): Promise<void> {
  const { board, outage } = await open(tx, id);
  const { before } = outage;
  const { estimatedRestorationAt: expected } = change;
  if (typeof expected === 'number' && expected <= before.startedAt) {
    const message = 'must be after the outage began';
    throw new Fault('invalid_input', `body.estimatedRestorationAt: ${message}`, {
      errors: [{ path: 'body.estimatedRestorationAt', message }],
    });
  }
  if (typeof expected === 'number' && !isOpen(before.state))
    throw new Fault('not_allowed', `Outage ${id} is ${before.state}; its restoration is not expected any more.`, {
      problem: 'outage_state_not_allowed',
    });
  const standing = standingOf(outage);
  const ended = change.state === undefined ? undefined : changeState(outage, change.state, tx.now);
  outage.before = { ...before, decided: { ...before.decided, ...change } };
  outage.decision = 'fields';
  addNews(outage, { en: `decided by ${by.actor}`, zh: `${by.actor} 认定` }, tx.now);
  await recordDecision(tx, {
    kind: 'change',
    outageIds: [id],
    actor: by.actor,
    note: '',
    before: { outages: [standing], fields: Object.keys(change), ...(ended === undefined ? {} : { ended }) },
  });
  await saveBoard(tx, board, by.active, by.actor);
}

const ALLOWED = { confirmed: ['suspected'], restored: ['suspected', 'confirmed'], closed: ['restored'] } as const;

/** @returns the interruptions that a word ended; undefined when the change of state ended none */
function changeState(outage: BoardOutage, to: 'confirmed' | 'restored' | 'closed', now: number): number[] | undefined {
  const from = outage.before.state;
  if (from === to) return [];
  if (!(ALLOWED[to] as readonly string[]).includes(from))
    throw new Fault(
      'not_allowed',
      `Outage ${outage.before.id} is ${from}; ${to} can follow only ${ALLOWED[to].join(' or ')}.`,
      { problem: 'outage_state_not_allowed' },
    );
  if (to === 'confirmed') outage.confirmAt = now;
  if (to === 'closed') return [];
  if (to !== 'restored') return undefined;
  const ended: number[] = [];
  for (const member of outage.members) {
    if (member.endedAt !== null) continue;
    member.endedAt = Math.max(now, member.startedAt);
    member.endSource = 'dispatcher';
    if (member.rowId !== null) ended.push(member.rowId);
  }
  return ended;
}

/** A dispatcher says that this is no outage. Its interruptions stay with it, so that the rules do not open it again. */
export async function discardOutage(tx: Tx, id: number, note: string, by: Decider): Promise<void> {
  const { board, outage } = await open(tx, id);
  const before = { outages: [standingOf(outage)] };
  await recordDecision(tx, { kind: 'discard', outageIds: [id], actor: by.actor, note, before });
  outage.decision = 'discard';
  addNews(outage, withNote({ en: `discarded by ${by.actor}`, zh: `${by.actor} 作废` }, note), tx.now);
  await saveBoard(tx, board, by.active, by.actor);
}

/**
 * A dispatcher joins two outages. What a person has joined the rules do not group anew: further losses open outages of their own.
 * @throws Fault `not_found`, `invalid_input` when it is one and the same
 */
export async function mergeOutages(tx: Tx, id: number, intoId: number, note: string, by: Decider): Promise<void> {
  if (id === intoId)
    throw new Fault('invalid_input', 'body.intoId: an outage cannot be merged into itself', {
      errors: [{ path: 'body.intoId', message: 'an outage cannot be merged into itself' }],
    });
  const { board, outage } = await open(tx, id);
  const { outage: into } = await open(tx, intoId, board);
  const before = { outages: [standingOf(into), standingOf(outage)], mergedId: id };
  await recordDecision(tx, { kind: 'merge', outageIds: [id, intoId], actor: by.actor, note, before });
  into.members.push(...outage.members.splice(0));
  into.rootAssetId = (await commonAsset(tx, [into.rootAssetId, outage.rootAssetId])) ?? into.rootAssetId;
  into.before = { ...into.before, decided: { ...into.before.decided, members: true } };
  into.decision = 'fields';
  outage.mergedIntoId = intoId;
  addNews(
    into,
    withNote({ en: `outage ${id} merged by ${by.actor}`, zh: `${by.actor} 并入停电事件 ${id}` }, note),
    tx.now,
  );
  await saveBoard(tx, board, by.active, by.actor);
}

/**
 * A dispatcher takes transformers out of an outage into one of their own.
 * @returns the id of the new outage
 * @throws Fault `not_found`, `invalid_input` naming transformers that are not in it, or when nothing would stay
 */
export async function splitOutage(
  tx: Tx,
  id: number,
  codes: readonly string[],
  note: string,
  by: Decider,
): Promise<number> {
  const { board, outage } = await open(tx, id);
  const assets = await tx.query<{ id: number; code: string }>(
    `select a.id, a.code from asset a where a.code = any($1::text[])
       and exists (select 1 from outage_transformer ot where ot.outage_id = $2 and ot.transformer_id = a.id)`,
    [codes, id],
  );
  const taken = new Set(assets.map((asset) => asset.id));
  const known = new Set(assets.map(({ code }) => code));
  const errors = codes.flatMap((code, index) =>
    known.has(code) ? [] : [{ path: `body.transformers[${index}]`, message: `"${code}" is not in outage ${id}` }],
  );
  const leaving = outage.members.filter(({ transformerId }) => taken.has(transformerId));
  const staying = outage.members.filter(({ transformerId }) => !taken.has(transformerId));
  if (staying.length === 0) errors.push({ path: 'body.transformers', message: 'at least one transformer must stay' });
  if (errors.length > 0)
    throw new Fault('invalid_input', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
  const [row] = await tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('outage', 'id')) as id`);
  const newId = row?.id ?? 0;
  const before = { outages: [standingOf(outage)], madeId: newId };
  await recordDecision(tx, { kind: 'split', outageIds: [id, newId], actor: by.actor, note, before });
  const rootOf = async (ids: readonly number[]): Promise<number> => (await commonAsset(tx, ids)) ?? outage.rootAssetId;
  const leavingRoot = await rootOf([...taken]);
  const startedAt = leaving.reduce((least, member) => Math.min(least, member.startedAt), Number.POSITIVE_INFINITY);
  const made = board.put({
    ...newRecord(newId, leavingRoot, startedAt, by.active.version),
    parentId: id,
    decided: { ...outage.before.decided, members: true },
  });
  made.plannedOutageId = outage.plannedOutageId;
  made.members = leaving;
  made.confirmAt = outage.before.confirmedAt;
  outage.members = staying;
  outage.rootAssetId = await rootOf([...new Set(staying.map(({ transformerId }) => transformerId))]);
  outage.before = { ...outage.before, decided: { ...outage.before.decided, members: true } };
  outage.decision = 'fields';
  const why = { en: `outage ${newId} split off by ${by.actor}`, zh: `${by.actor} 拆出停电事件 ${newId}` };
  addNews(outage, withNote(why, note), tx.now);
  await saveBoard(tx, board, by.active, by.actor);
  return newId;
}

/** @throws Fault `not_found`, `not_allowed` when it is discarded or merged away */
async function open(
  tx: Tx,
  id: number,
  board = new OutageBoard(),
): Promise<{ board: OutageBoard; outage: BoardOutage }> {
  await lockOutages(tx);
  await board.load(tx, [id]);
  const outage = board.outages.get(id);
  if (outage === undefined) throw new Fault('not_found', `There is no outage ${id}.`);
  const { state, mergedIntoId } = outage.before;
  if (mergedIntoId !== null)
    throw new Fault('not_allowed', `Outage ${id} is part of outage ${mergedIntoId} now; decide there.`, {
      problem: 'outage_state_not_allowed',
    });
  if (state === 'discarded')
    throw new Fault('not_allowed', `Outage ${id} was discarded; nothing more can be decided about it.`, {
      problem: 'outage_state_not_allowed',
    });
  return { board, outage };
}

/** The deepest asset above all of these in today's network; null when they share none. */
async function commonAsset(tx: Tx, assetIds: readonly number[]): Promise<number | null> {
  const [row] = await tx.query<{ id: number }>(
    `select p.asset as id from asset a cross join unnest(a.path) with ordinality as p(asset, depth)
     where a.id = any($1::integer[]) group by p.asset having count(*) = $2 order by max(p.depth) desc limit 1`,
    [assetIds, new Set(assetIds).size],
  );
  return row?.id ?? null;
}
