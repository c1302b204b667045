/**
 * Any table of the service as a file: an Excel workbook or CSV. For a report that answers JSON otherwise:
 *
 *   const READ = endpoint({ ..., query: z.strictObject({ ..., format: tableFormat }), response: Report, fileTypes: FILE_TYPES });
 *
 *   const COLUMNS: readonly TableColumn<Row>[] = [
 *     { zh: '地区', en: 'area', kind: 'text', value: (row) => row.area },
 *     { zh: '及时率', en: 'on time', kind: 'percent', value: (row) => row.onTimeShare },   // a share: 0.985 is shown as 98.50 %
 *     { zh: '到期', en: 'due', kind: 'instant', value: (row) => row.dueAt },               // epoch milliseconds
 *   ];
 *
 *   @Endpoint(READ)
 *   async read(@Input() { query }: InputOf<typeof READ>): Promise<object> {
 *     const report = await ...;
 *     if (query.format === 'json') return report;
 *     return tableFile(query.format, {
 *       name: 'reconnection', zh: '复电', en: 'Reconnection', columns: COLUMNS, rows: report.items,
 *       about: { period, filter: [{ zh: '地区', en: 'area', value: query.area ?? null }], policyVersion, madeAt: tx.now },
 *     });
 *   }
 *
 * The workbook has the table on its first sheet (title row frozen, filter buttons, widths, number formats) and what it tells of on the
 * second. A null is an empty cell. A text is always a text, also one that begins with '='. Instants are shown on the utility's clock.
 */
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { dateOf } from '../../domain/calendar.js';
import { formatInstant } from '../../domain/instants.js';
import { workbookParts } from './workbook.js';
import type { CellKind, CellValue, Sheet } from './workbook.js';
import { zip } from './zip-stream.js';

export const tableFormat = z.enum(['json', 'xlsx', 'csv']).default('json').meta({
  description: 'xlsx = an Excel workbook, csv = UTF-8 with a byte order mark; both with titles in Chinese and English',
});

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'text/csv; charset=utf-8';
/** For `fileTypes` of the endpoint's spec. */
export const FILE_TYPES = [XLSX, CSV] as const;

export interface TableColumn<Row> {
  zh: string;
  en: string;
  kind: CellKind;
  /** In characters; by kind when left out. */
  width?: number;
  value: (row: Row) => CellValue;
}

export interface TableAbout {
  /** Half open; null for a list of the present. */
  period: { from: number; to: number } | null;
  /** What was asked for; null = all. */
  filter: readonly { zh: string; en: string; value: string | number | null }[];
  policyVersion: number;
  madeAt: number;
}

export interface Table<Row> {
  /** Of the file: lower case letters and hyphens. The day, or the first and last day of the period, are added. */
  name: string;
  /** Of the sheet; at most 31 characters. */
  zh: string;
  en: string;
  columns: readonly TableColumn<Row>[];
  rows: Iterable<Row> | AsyncIterable<Row>;
  about: TableAbout;
}

const WIDTHS: Readonly<Record<CellKind, number>> = {
  text: 22,
  count: 12,
  minutes: 14,
  ratio: 12,
  percent: 11,
  finePercent: 13,
  instant: 20,
};

/** The answer of a handler: the file is written while it is sent, and never held whole. */
export function tableFile<Row>(format: 'xlsx' | 'csv', table: Table<Row>): StreamableFile {
  const bytes = format === 'xlsx' ? zip(workbookParts(sheetsOf(table)), table.about.madeAt) : csvOf(table);
  return new StreamableFile(Readable.from(bytes, { objectMode: false }), {
    type: format === 'xlsx' ? XLSX : CSV,
    disposition: `attachment; filename="${fileName(table)}.${format}"`,
  });
}

function fileName<Row>({ name, about: { period, madeAt } }: Table<Row>): string {
  if (period === null) return `${name}-${dateOf(madeAt)}`;
  return `${name}-${dateOf(period.from)}-${dateOf(period.to - 1)}`;
}

function sheetsOf<Row>(table: Table<Row>): Sheet[] {
  const { columns } = table;
  return [
    {
      name: table.zh,
      columns: columns.map(({ zh, en, kind, width }) => ({
        title: `${zh}\n${en}`,
        kind,
        width: width ?? WIDTHS[kind],
      })),
      rows: cellsOf(table),
    },
    {
      name: '说明 About',
      columns: [
        { title: `${table.zh}\n${table.en}`, kind: 'text', width: 34 },
        { title: '', kind: 'text', width: 34 },
      ],
      rows: aboutRows(table),
    },
  ];
}

async function* cellsOf<Row>({ columns, rows }: Table<Row>): AsyncGenerator<CellValue[]> {
  for await (const row of rows) yield columns.map(({ value }) => value(row));
}

function aboutRows<Row>({ about: { period, filter, policyVersion, madeAt } }: Table<Row>): (readonly string[])[] {
  return [
    ...(period === null
      ? []
      : [
          ['起 from', formatInstant(period.from)],
          ['止（不含） to, excluded', formatInstant(period.to)],
        ]),
    ...filter.map(({ zh, en, value }) => [`${zh} ${en}`, value === null ? '全部 all' : String(value)]),
    ['策略版本 policy version', String(policyVersion)],
    ['生成时间 made at', formatInstant(madeAt)],
    ['时区 time zone', Intl.DateTimeFormat().resolvedOptions().timeZone],
  ];
}

/** RFC 4180. */
async function* csvOf<Row>(table: Table<Row>): AsyncGenerator<Buffer> {
  const line = (cells: readonly string[]): Buffer => Buffer.from(`${cells.map(quoted).join(',')}\r\n`);
  yield Buffer.from('\uFEFF');
  yield line(table.columns.map(({ zh, en }) => `${zh} ${en}`));
  for await (const cells of cellsOf(table)) {
    yield line(cells.map((value, index) => csvCell(table.columns[index]?.kind ?? 'text', value)));
  }
}

function csvCell(kind: CellKind, value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return kind === 'instant' ? formatInstant(value) : String(value);
  // Spreadsheets run a text that looks like a formula, quoted or not; an apostrophe makes it a text.
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
