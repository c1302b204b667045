import { beforeAll, beforeEach } from '@jest/globals';
import type { Registry } from 'prom-client';
import type { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import type { ReceivedMessage } from '../../src/modules/telemetry/received-message.js';
import { useDatabase } from './database.js';
import { makeWriter, message, registerTerminal } from './telemetry.js';

const T0 = Date.parse('2026-07-15T09:00:00+08:00');
export const minute = (n: number): number => T0 + n * 60_000;
/** A reading of ordinary voltage in the n-th minute. */
export const reading = (n: number, over: object = {}): object => ({
  ts: minute(n),
  ua: 221.3,
  ub: 220,
  uc: 219.5,
  ...over,
});

interface Made {
  writer: BatchWriter;
  registry: Registry;
  /** Of the terminal; new for each test. */
  code: string;
  transformerId: number;
  terminalId: number;
}

/** A batch writer on a database of its own, for each test a terminal that was never heard, and what is stored of it. */
export function useStation() {
  const held = useDatabase();
  const made: Partial<Made> = {};
  let count = 0;
  beforeAll(async () => {
    Object.assign(made, await makeWriter(held.db));
  });
  beforeEach(async () => {
    count += 1;
    const code = `T${count}`;
    Object.assign(made, { code, ...(await registerTerminal(held.db, code)) });
  });
  const station = (): Made => made as Made;
  return {
    held,
    station,
    meas: (payload: unknown, over: Partial<ReceivedMessage> = {}) => message(station().code, 'meas', payload, over),
    rows: (id = station().transformerId) =>
      held.db.query<{ ts: number; ua: number; sid: number | null; seq: number | null }>(
        'select ts, ua, sid, seq from reading where transformer_id = $1 order by ts',
        [id],
      ),
    rejectedRows: () =>
      held.db.query<{ reason: string; payload: Buffer; count: number; detail: string }>(
        'select reason, payload, count, detail from rejected_message where terminal = $1 order by reason, id',
        [station().code],
      ),
    state: async () => {
      const [row] = await held.db.query<Record<string, unknown>>(
        'select * from transformer_state where transformer_id = $1',
        [station().transformerId],
      );
      return row;
    },
    journal: (type: string) =>
      held.db.query<{ data: Record<string, unknown>; happened_at: number }>(
        `select data, happened_at from journal where type = $1 and (subject_id = $2 or data->>'transformerId' = $2::text) order by id`,
        [type, station().transformerId],
      ),
    /** From when the history is to be run again; null = it is not. */
    reassessment: async () => {
      const [row] = await held.db.query<{ from_ts: number }>(
        'select from_ts from reassessment where transformer_id = $1',
        [station().transformerId],
      );
      return row?.from_ts ?? null;
    },
  };
}
