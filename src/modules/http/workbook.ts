import { setImmediate } from 'node:timers/promises';
import type { ZipEntry } from './zip-stream.js';

/** How a cell is written and shown. Both percents are shares: 0.5 is shown as 50.00 %, or 50.0000 %. An instant is epoch milliseconds. */
export type CellKind = 'text' | 'count' | 'minutes' | 'ratio' | 'percent' | 'finePercent' | 'instant';
export type CellValue = string | number | null;

export interface SheetColumn {
  title: string;
  kind: CellKind;
  /** In characters. */
  width: number;
}

export interface Sheet {
  /** At most 31 characters, without []:*?/\ (both demanded by Excel). */
  name: string;
  columns: readonly SheetColumn[];
  rows: Iterable<readonly CellValue[]> | AsyncIterable<readonly CellValue[]>;
}

/** Number formats of Excel, in the order of the styles below; 0 is the style of nothing, 1 that of titles. */
const FORMATS: Readonly<Record<CellKind, string>> = {
  text: '@',
  count: '#,##0',
  minutes: '#,##0.00',
  ratio: '0.0000',
  percent: '0.00%',
  finePercent: '0.0000%',
  instant: 'yyyy-mm-dd hh:mm:ss',
};
const KINDS = Object.keys(FORMATS) as CellKind[];
const TITLE_STYLE = 1;
const styleOf = (kind: CellKind): number => TITLE_STYLE + 1 + KINDS.indexOf(kind);

/** Excel's own limits. */
const MOST_ROWS = 1_048_576;
const MOST_CHARACTERS = 32_767;
/** Rows written before other work of the process gets its turn. */
const ROWS_AT_ONCE = 200;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * The parts of an Office Open XML workbook (ECMA-376), for `zip`. Strings stand in their cells, and every text is a text: nothing in it
 * is ever read as a formula, a number or a date. Rows beyond Excel's limit go on in a further sheet.
 */
export async function* workbookParts(sheets: readonly Sheet[], mostRows = MOST_ROWS): AsyncGenerator<ZipEntry> {
  const names: string[] = [];
  for (const sheet of sheets) {
    const source = rowsOf(sheet.rows);
    try {
      const waiting = { next: await source.next() };
      for (let part = 1; part === 1 || waiting.next.done !== true; part += 1) {
        names.push(part === 1 ? sheet.name : `${sheet.name} ${part}`);
        yield { name: `xl/worksheets/sheet${names.length}.xml`, content: sheetXml(sheet, source, waiting, mostRows) };
      }
    } finally {
      await source.return(undefined);
    }
  }
  yield* frame(names);
}

type Rows = AsyncGenerator<readonly CellValue[], undefined>;

/** One iterator for all the parts of a long sheet, so that leaving one part does not end it. */
async function* rowsOf(rows: Sheet['rows']): Rows {
  yield* rows;
}

async function* sheetXml(
  { columns }: Sheet,
  source: Rows,
  waiting: { next: IteratorResult<readonly CellValue[], undefined> },
  mostRows: number,
): AsyncGenerator<string> {
  const letters = columns.map((_, index) => columnLetters(index));
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const widths = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const titles = columns.map(({ title }, index) => textCell(`${letters[index]}1`, TITLE_STYLE, title));
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  yield `<cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`;
  let number = 1;
  let text = '';
  for (; number < mostRows && waiting.next.done !== true; waiting.next = await source.next()) {
    number += 1;
    const { value } = waiting.next;
    const cells = columns.map(({ kind }, index) => cell(`${letters[index]}${number}`, kind, value[index] ?? null));
    text += `<row r="${number}">${cells.join('')}</row>`;
    if (number % ROWS_AT_ONCE > 0) continue;
    yield text;
    text = '';
    await setImmediate();
  }
  yield `${text}</sheetData><autoFilter ref="A1:${letters.at(-1) ?? 'A'}${number}"/></worksheet>`;
}

function cell(place: string, kind: CellKind, value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return textCell(place, styleOf('text'), value);
  if (!Number.isFinite(value)) throw new Error(`the value of ${place} is ${value}, which no cell can hold`);
  const stored = kind === 'instant' ? excelDays(value) : value;
  return `<c r="${place}" s="${styleOf(kind)}"><v>${stored}</v></c>`;
}

const textCell = (place: string, style: number, text: string): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;

/** Days since 1899-12-30 on the utility's clock: a workbook knows no time zones. */
function excelDays(epochMs: number): number {
  const local = epochMs - new Date(epochMs).getTimezoneOffset() * 60_000;
  return local / 86_400_000 + 25_569;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no control characters; a workbook writes them as _x001F_, and what only looks like that as _x005F_x001F_ (ECMA-376 22.9.2.19). */
function xmlText(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\r\u000e-\u001f\ufffe\uffff]/g, escaped)
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

const escaped = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

/** A, B, ... Z, AA, AB, ... */
function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

function* frame(names: readonly string[]): Generator<ZipEntry> {
  const part = (name: string, text: string): ZipEntry => ({ name, content: [XML + text] });
  const sheets = names.map(
    (name, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const relations = names.map((_, index) => relation(index + 1, 'worksheet', `worksheets/sheet${index + 1}.xml`));
  const overrides = names.map(
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`,
  );
  yield part(
    'xl/workbook.xml',
    `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`,
  );
  yield part(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}${relation(names.length + 1, 'styles', 'styles.xml')}</Relationships>`,
  );
  yield part('xl/styles.xml', styles());
  yield part(
    '_rels/.rels',
    `<Relationships xmlns="${PACKAGE}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
  );
  yield part(
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${overrides.join('')}</Types>`,
  );
}

function styles(): string {
  // Numbers below 164 are Excel's own formats.
  const formats = KINDS.map(
    (kind, index) => `<numFmt numFmtId="${164 + index}" formatCode="${xmlText(FORMATS[kind])}"/>`,
  );
  const font = (bold: string): string => `<font>${bold}<sz val="11"/><name val="Calibri"/></font>`;
  const cells = KINDS.map(
    (_, index) => `<xf numFmtId="${164 + index}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  );
  return (
    `<styleSheet xmlns="${MAIN}"><numFmts count="${KINDS.length}">${formats.join('')}</numFmts>` +
    `<fonts count="2">${font('')}${font('<b/>')}</fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${KINDS.length + 2}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>' +
    `${cells.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
  );
}
