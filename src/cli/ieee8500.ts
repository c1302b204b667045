import { csvOf } from '../simulator/city-csv.js';
import type { CityFiles } from '../simulator/city-csv.js';
import { Fault } from '../fault.js';

/** The published tables of the IEEE 8500-node test feeder, as texts. `triplex` tells which load hangs on which transformer. */
export interface Ieee8500Tables {
  lines: string;
  transformers: string;
  loads: string;
  triplex: string | null;
}

interface Table {
  header: string[];
  rows: string[][];
}

const SUBSTATION = 'IEEE8500';
const FEEDER = 'IEEE8500-F1';
const SOURCE_BUS = 'HVMV_Sub_LSB';
/** A section is closed as soon as this many transformers hang below a bus that is not in one yet. */
const SECTION_MIN_TRANSFORMERS = 25;
const COMMERCIAL_FROM_KW = 20;

/** Comments and blank lines are skipped; the first line left is the header. Cells are trimmed, a comma at the end is ignored. */
function readTable(text: string, name: string): Table {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const [header, ...rows] = lines;
  if (header === undefined) throw new Fault('invalid_input', `${name} is empty.`);
  return { header: header.map((cell) => cell.toLowerCase()), rows: rows.filter((row) => (row[0] ?? '') !== '') };
}

function column(table: Table, name: string, ...spellings: string[]): (row: string[]) => string {
  const index = table.header.findIndex((cell) => spellings.includes(cell));
  if (index < 0)
    throw new Fault(
      'invalid_input',
      `${name} has no column ${spellings.join(' or ')}; it has ${table.header.join(', ')}.`,
    );
  return (row) => row[index] ?? '';
}

/** Regulators stand between `regxfmr_X` (or `_X`) and `X`; here both are one bus. */
const bus = (name: string): string => name.replace(/^regxfmr_/, '').replace(/^_/, '');

/**
 * Turns the test feeder into one substation, one feeder, sections, transformers and one customer per load. Sections are cut where
 * the tree branches, from the ends inwards, so that each holds a few dozen transformers that lie together.
 * @throws Fault `invalid_input` when a table lacks a column or a transformer is not connected to the substation
 */
export function convertIeee8500(tables: Ieee8500Tables): CityFiles {
  const transformers = readTransformers(tables.transformers);
  const order = walkTree(readLines(tables.lines));
  const sectionOf = cutSections(order, countByBus(transformers));
  const area = 'IEEE 8500';
  const place = [area, 'rural'] as const;
  const blank = ['', '', '', ''] as const;
  const placed = transformers.map((transformer) => {
    const section = sectionOf.get(transformer.bus);
    if (section === undefined)
      throw new Fault(
        'invalid_input',
        `Transformer ${transformer.name} hangs on bus ${transformer.bus}, to which no closed line leads.`,
      );
    return { ...transformer, section };
  });
  const sections = [...new Set(placed.map(({ section }) => section))].sort((a, b) => a - b);
  const code = (section: number): string => `${FEEDER}-S${String(section).padStart(2, '0')}`;
  const files = {
    assets: csvOf('code,kind,parent_code,name,area,setting,capacity_kva', [
      [SUBSTATION, 'substation', '', 'IEEE 8500-node substation', ...place, ''],
      [FEEDER, 'feeder', SUBSTATION, 'IEEE 8500-node feeder', ...place, ''],
      ...sections.map((section) => [code(section), 'section', FEEDER, `Section ${section}`, ...place, '']),
      ...placed.map((t) => [t.name, 'transformer', code(t.section), `Transformer ${t.name}`, ...place, t.kva]),
    ]),
    terminals: csvOf(
      'terminal,transformer_code,interval_seconds',
      placed.map((t) => [`TTU-${t.name}`, t.name, 60]),
    ),
    customers: csvOf(
      'account_no,name,transformer_code,phase,category,importance,mobile,landline,address,remote_switch,language,sms',
      readLoads(tables, placed).map((load) => [
        load.name,
        `Load ${load.name}`,
        load.transformer,
        load.phase,
        load.kw >= COMMERCIAL_FROM_KW ? 'commercial' : 'residential',
        0,
        ...blank.slice(0, 2),
        `${area}, transformer ${load.transformer}`,
        'no',
        'en',
        'yes',
      ]),
    ),
  };
  return files;
}

interface ServiceTransformer {
  name: string;
  bus: string;
  secondary: string;
  phase: string;
  kva: string;
}

function readTransformers(text: string): ServiceTransformer[] {
  const table = readTable(text, 'LoadXfmrs');
  const name = column(table, 'LoadXfmrs', 'name');
  const primary = column(table, 'LoadXfmrs', 'wdg1bus', 'bus1');
  const secondary = column(table, 'LoadXfmrs', 'wdg2bus', 'bus2');
  const phase = column(table, 'LoadXfmrs', 'phase', 'phases');
  const kva = column(table, 'LoadXfmrs', 'wdg1kva', 'kva');
  return table.rows.map((row) => ({
    name: name(row),
    bus: bus(primary(row)),
    secondary: secondary(row),
    phase: phase(row).toUpperCase(),
    kva: kva(row),
  }));
}

/** Neighbours by bus; open switches do not connect. */
function readLines(text: string): Map<string, string[]> {
  const table = readTable(text, 'Lines');
  const from = column(table, 'Lines', 'bus1');
  const to = column(table, 'Lines', 'bus2');
  const status = table.header.indexOf('status');
  const neighbours = new Map<string, string[]>();
  const link = (a: string, b: string): void => {
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
  };
  for (const row of table.rows) {
    if (status >= 0 && (row[status] ?? '').toLowerCase() === 'open') continue;
    const [a, b] = [bus(from(row)), bus(to(row))];
    if (a === b) continue;
    link(a, b);
    link(b, a);
  }
  return neighbours;
}

/** Buses from the source outwards, each with the one it is fed from. */
function walkTree(neighbours: Map<string, string[]>): { bus: string; parent: string | null }[] {
  const order: { bus: string; parent: string | null }[] = [{ bus: bus(SOURCE_BUS), parent: null }];
  const seen = new Set([bus(SOURCE_BUS)]);
  for (let n = 0; n < order.length; n += 1) {
    const here = order[n]?.bus ?? '';
    for (const next of neighbours.get(here) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      order.push({ bus: next, parent: here });
    }
  }
  if (order.length === 1)
    throw new Fault('invalid_input', `No line of Lines leads from the substation's bus ${SOURCE_BUS}.`);
  return order;
}

function countByBus(transformers: readonly ServiceTransformer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { bus: at } of transformers) counts.set(at, (counts.get(at) ?? 0) + 1);
  return counts;
}

/** Section number of each bus: from the ends inwards, a bus closes a section when enough hangs below it. */
function cutSections(
  order: readonly { bus: string; parent: string | null }[],
  counts: Map<string, number>,
): Map<string, number> {
  const waiting = new Map<string, number>();
  const closes = new Set<string>();
  for (const { bus: at, parent } of [...order].reverse()) {
    const here = (waiting.get(at) ?? 0) + (counts.get(at) ?? 0);
    const full = here >= SECTION_MIN_TRANSFORMERS || parent === null;
    if (full) closes.add(at);
    else waiting.set(parent, (waiting.get(parent) ?? 0) + here);
  }
  const sectionOf = new Map<string, number>();
  let next = 0;
  for (const { bus: at, parent } of order) {
    sectionOf.set(at, closes.has(at) || parent === null ? (next += 1) : (sectionOf.get(parent) ?? 0));
  }
  return sectionOf;
}

function readLoads(
  tables: Ieee8500Tables,
  transformers: readonly ServiceTransformer[],
): { name: string; transformer: string; phase: string; kw: number }[] {
  const bySecondary = new Map(transformers.map((transformer) => [transformer.secondary, transformer]));
  const feeds = new Map<string, string>();
  if (tables.triplex !== null) {
    const triplex = readTable(tables.triplex, 'Triplex_Lines');
    const from = column(triplex, 'Triplex_Lines', 'bus1');
    const to = column(triplex, 'Triplex_Lines', 'bus2');
    for (const row of triplex.rows) feeds.set(to(row), from(row));
  }
  const table = readTable(tables.loads, 'Loads');
  const name = column(table, 'Loads', 'name');
  const at = column(table, 'Loads', 'bus', 'bus1');
  const kw = column(table, 'Loads', 'kw');
  return table.rows.map((row) => {
    // Without the triplex table the names tell: load bus SX1 is fed from secondary X1.
    const transformer = bySecondary.get(feeds.get(at(row)) ?? at(row).replace(/^S/, ''));
    if (transformer === undefined)
      throw new Fault('invalid_input', `Load ${name(row)} hangs on bus ${at(row)}, which no transformer feeds.`);
    return {
      name: name(row),
      transformer: transformer.name,
      phase: /^[ABC]$/.test(transformer.phase) ? transformer.phase : '',
      kw: Number(kw(row)),
    };
  });
}
