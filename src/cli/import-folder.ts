import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Fault } from '../fault.js';
import { sentenceOf } from './api-client.js';
import type { ApiClient } from './api-client.js';
import { Progress } from './progress.js';

export interface RejectedLine {
  line: number;
  reason: string;
}

export interface FileResult {
  file: string;
  accepted: number;
  rejected: RejectedLine[];
}

/** Parents before children, customers after their transformers, events last. */
const FILES = [
  { file: 'assets.csv', path: '/network/assets' },
  { file: 'terminals.csv', path: '/network/terminals' },
  { file: 'customers.csv', path: '/network/customers' },
  { file: 'planned-outages.csv', path: '/planned-outages' },
  { file: 'complaints.csv', path: '/complaints/import' },
] as const;
const LINES_PER_CALL = 10_000;

/**
 * Sends every file of the folder that is there, in the order that makes them fit.
 * @throws Fault when the folder holds none of them, or a file as a whole is refused
 */
export async function importFolder(api: ApiClient, folder: string): Promise<FileResult[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Fault('invalid_input', `There is no folder ${folder}.`);
  const found: { file: string; path: string; text: string }[] = [];
  for (const { file, path } of FILES) {
    const text = await readFile(join(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw new Fault('invalid_input', `${join(folder, file)} cannot be read: ${error.message}`, { cause: error });
    });
    if (text !== null) found.push({ file, path, text });
  }
  if (found.length === 0) {
    throw new Fault(
      'invalid_input',
      `${folder} holds nothing to import; it needs at least one of ${FILES.map(({ file }) => file).join(', ')}.`,
    );
  }
  const results: FileResult[] = [];
  for (const { file, path, text } of found) results.push(await importText(api, file, path, text));
  return results;
}

/** One file, in calls of bounded size; the lines of the answer are the file's own. */
export async function importText(api: ApiClient, file: string, path: string, text: string): Promise<FileResult> {
  if (path === '/planned-outages') return importPlannedOutages(api, file, text);
  const result: FileResult = { file, accepted: 0, rejected: [] };
  const parts = cut(text);
  const progress = new Progress(file).start(parts.reduce((sum, part) => sum + part.lines, 0));
  for (const part of parts) {
    const answer = (await api.must('POST', path, part.text)) as { accepted: number; rejected: RejectedLine[] };
    result.accepted += answer.accepted;
    result.rejected.push(...answer.rejected.map(({ line, reason }) => ({ line: line + part.skippedLines, reason })));
    progress.add(part.lines);
  }
  progress.stop();
  return result;
}

/** Cuts at line ends, each part with the header; a file with quoted line breaks stays whole, so that its line numbers stay true. */
function cut(text: string): { text: string; skippedLines: number; lines: number }[] {
  const lines = text.split(/\r?\n/);
  const spans = lines.some((line) => (line.split('"').length - 1) % 2 === 1);
  if (lines.length <= LINES_PER_CALL || spans) return [{ text, skippedLines: 0, lines: lines.length }];
  const [header = '', ...rows] = lines;
  const parts: { text: string; skippedLines: number; lines: number }[] = [];
  for (let n = 0; n < rows.length; n += LINES_PER_CALL) {
    const part = rows.slice(n, n + LINES_PER_CALL);
    if (part.some((row) => row !== ''))
      parts.push({ text: [header, ...part].join('\n'), skippedLines: n, lines: part.length });
  }
  return parts;
}

/** `external_id,assets,starts_at,ends_at,nature,reason`; several assets are separated by spaces or semicolons. */
async function importPlannedOutages(api: ApiClient, file: string, text: string): Promise<FileResult> {
  const result: FileResult = { file, accepted: 0, rejected: [] };
  const rows = parse(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true }) as never as {
    record: Record<string, string>;
    info: { lines: number };
  }[];
  const progress = new Progress(file).start(rows.length);
  for (const { record, info } of rows) {
    const { status, body } = await api.call('POST', '/planned-outages', {
      externalId: record.external_id,
      assets: (record.assets ?? '').split(/[;\s]+/).filter((code) => code !== ''),
      startsAt: record.starts_at,
      endsAt: record.ends_at,
      nature: record.nature === undefined || record.nature === '' ? 'planned' : record.nature,
      reason: record.reason ?? '',
    });
    if (status < 300) result.accepted += 1;
    else result.rejected.push({ line: info.lines, reason: sentenceOf(body) });
    progress.add(1);
  }
  progress.stop();
  return result;
}
