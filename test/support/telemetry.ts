import { Registry } from 'prom-client';
import { Config } from '../../src/config.js';
import { BatchWriter } from '../../src/modules/telemetry/batch-writer.js';
import type { ReceivedMessage } from '../../src/modules/telemetry/received-message.js';
import { TelemetryMetrics } from '../../src/modules/telemetry/telemetry.metrics.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import type { Database } from '../../src/modules/database/database.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

export async function makeWriter(db: Database): Promise<{ writer: BatchWriter; registry: Registry }> {
  const active = await ActivePolicy.activate(db, readPolicyFile(builtInPolicyFile('csg')));
  const registry = new Registry();
  const writer = new BatchWriter(db, active, Config.read({}), new TelemetryMetrics(registry));
  return { writer, registry };
}

/** Registers a transformer and its terminal of the same code. */
export async function registerTerminal(
  db: Database,
  code: string,
): Promise<{ transformerId: number; terminalId: number }> {
  const [row] = await db.query<{ transformerId: number; terminalId: number }>(
    `with made as (
       insert into asset (code, kind, path, name) values ('X-' || $1, 'transformer', '{}', $1) returning id
     )
     insert into terminal (code, transformer_id) select $1, id from made
     returning transformer_id as "transformerId", id as "terminalId"`,
    [code],
  );
  if (row === undefined) throw new Error('not registered');
  return row;
}

export const message = (
  terminal: string,
  channel: string,
  payload: unknown,
  over: Partial<ReceivedMessage> = {},
): ReceivedMessage => ({
  topic: `dt/v1/s1/${terminal}/up/${channel}`,
  payload: Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  receivedAt: Date.parse('2026-07-15T10:00:00+08:00'),
  retain: false,
  ...over,
});
