import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { DAY_MS } from '../domain/instants.js';
import { Fault } from '../fault.js';
import type { ApiClient } from './api-client.js';
import { Progress } from './progress.js';
import type { Publisher } from './publisher.js';
import { checkHeader, mapRow } from './row-mapping.js';
import type { MappedRow, RowMapping } from './row-mapping.js';

export interface ReplayOptions {
  terminal: string;
  topicPrefix: string;
  shard: string;
  /** Times as fast as recorded; Infinity = as fast as the broker takes it. */
  speed: number;
  /** Days added to every instant, or `to-now`: the last row becomes now. */
  shift: number | 'to-now';
  now: number;
}

export interface ReplaySum {
  rows: number;
  published: number;
  refused: { line: number; reason: string }[];
}

interface Line {
  line: number;
  row: MappedRow;
}

/** @throws Fault `invalid_input` when the file cannot be read as CSV with these columns */
export async function readRows(file: string, mapping: RowMapping): Promise<Line[]> {
  const lines: Line[] = [];
  const parser = createReadStream(file)
    .on('error', (error) => parser.destroy(error))
    .pipe(parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true }));
  let header: string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (header === null) {
        header = record.map((name) => name.trim());
        checkHeader(mapping, header);
        continue;
      }
      const names = header;
      const row: MappedRow =
        record.length === names.length
          ? mapRow(mapping, Object.fromEntries(names.map((name, n) => [name, record[n] ?? ''])))
          : { refused: `has ${record.length} fields, the header has ${names.length}` };
      lines.push({ line: info.lines, row });
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { code, message } = error as { code?: string; message: string };
    throw new Fault(
      'invalid_input',
      code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read as CSV: ${message}`,
      { cause: error },
    );
  }
  if (header === null) throw new Fault('invalid_input', `${file} is empty; its first line must name the columns.`);
  return lines;
}

/** Publishes the rows of a recorded file as if its terminal spoke again, in the file's order. */
export async function replayLines(
  publisher: Publisher,
  lines: readonly Line[],
  options: ReplayOptions,
): Promise<ReplaySum> {
  const instants = lines.flatMap(({ row }) => ('ts' in row ? [row.ts] : []));
  const shiftMs = options.shift === 'to-now' ? options.now - latest(instants) : options.shift * DAY_MS;
  const topic = `${options.topicPrefix}/${options.shard}/${options.terminal}/up/meas`;
  const progress = new Progress('replay').start(lines.length);
  const sum: ReplaySum = { rows: lines.length, published: 0, refused: [] };
  const beganAt = Date.now();
  const first = instants[0] ?? 0;
  for (const { line, row } of lines) {
    progress.add(1);
    if ('refused' in row) {
      sum.refused.push({ line, reason: row.refused });
      continue;
    }
    const waitMs = beganAt + (row.ts - first) / options.speed - Date.now();
    if (waitMs > 1) await sleep(waitMs);
    await publisher.publish(topic, JSON.stringify({ ...row.reading, ts: Math.round(row.ts + shiftMs) }));
    sum.published += 1;
  }
  await publisher.drain();
  progress.stop();
  return sum;
}

const latest = (instants: readonly number[]): number => instants.reduce((a, b) => Math.max(a, b), -Infinity);

/** What became of the published rows, from the service's own counters. */
export interface Arrived {
  stored: number;
  duplicates: number;
  rejected: number;
}

export async function countArrived(api: ApiClient): Promise<Arrived> {
  return {
    stored: await api.counter('lamplighter_readings_total'),
    duplicates: await api.counter('lamplighter_message_parts_total', (labels) => labels.includes('kind="duplicate"')),
    rejected: await api.counter('lamplighter_rejected_messages_total'),
  };
}

/**
 * Waits until every published row is a reading, a counted duplicate or a kept rejected message. The counters are the whole service's:
 * nothing else may publish meanwhile.
 * @throws Fault `conflict` when the sum does not come out within `timeoutMs`
 */
export async function checkArrived(
  api: ApiClient,
  before: Arrived,
  published: number,
  timeoutMs: number,
): Promise<Arrived> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const after = await countArrived(api);
    const gained = {
      stored: after.stored - before.stored,
      duplicates: after.duplicates - before.duplicates,
      rejected: after.rejected - before.rejected,
    };
    const sum = gained.stored + gained.duplicates + gained.rejected;
    if (sum === published) return gained;
    if (Date.now() > end || sum > published) {
      throw new Fault(
        'conflict',
        `${published} rows were published, but the service counted ${sum}: ${gained.stored} stored, ${gained.duplicates} duplicates, ${gained.rejected} rejected.`,
      );
    }
    await sleep(200);
  }
}
