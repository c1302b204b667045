import type { Tx } from '../database/database.js';

/** The two histories of the register: which parent an asset had when, which transformer a customer hung on when. */
const HISTORIES = {
  asset_parent: { subject: 'asset_id', holder: 'parent_id' },
  customer_transformer: { subject: 'customer_id', holder: 'transformer_id' },
} as const;
export type History = keyof typeof HISTORIES;

export interface PlannedMove {
  id: number;
  fromId: number | null;
  toId: number | null;
  move: 'replace' | 'close';
  at: number;
}

/** The first interval of new subjects. It begins at -infinity: what is known about the network holds for the past until a move is known. */
export async function openIntervals(
  tx: Tx,
  history: History,
  rows: readonly { id: number; holderId: number | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  const { subject, holder } = HISTORIES[history];
  await tx.query(
    `insert into ${history} (${subject}, ${holder}, valid_from)
     select *, '-infinity' from unnest($1::integer[], $2::integer[])`,
    [rows.map((row) => row.id), rows.map((row) => row.holderId)],
  );
}

/** Writes moves: the interval in force ends, the next begins; or, when both would begin at one instant, it takes the new holder. */
export async function moveIntervals(tx: Tx, history: History, moves: readonly PlannedMove[]): Promise<void> {
  const { subject, holder } = HISTORIES[history];
  const replaced = moves.filter((move) => move.move === 'replace');
  const closed = moves.filter((move) => move.move === 'close');
  if (replaced.length > 0) {
    await tx.query(
      `update ${history} as h set ${holder} = m.holder from unnest($1::integer[], $2::integer[]) as m(subject, holder)
       where h.${subject} = m.subject and h.valid_to is null`,
      [replaced.map((move) => move.id), replaced.map((move) => move.toId)],
    );
  }
  if (closed.length > 0) {
    const ids = closed.map((move) => move.id);
    const instants = closed.map((move) => new Date(move.at));
    await tx.query(
      `update ${history} as h set valid_to = m.at from unnest($1::integer[], $2::timestamptz[]) as m(subject, at)
       where h.${subject} = m.subject and h.valid_to is null`,
      [ids, instants],
    );
    await tx.query(
      `insert into ${history} (${subject}, ${holder}, valid_from)
       select * from unnest($1::integer[], $2::integer[], $3::timestamptz[])`,
      [ids, closed.map((move) => move.toId), instants],
    );
  }
}
