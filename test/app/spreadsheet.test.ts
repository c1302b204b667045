import { describe, expect, it } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import { tableFile } from '../../src/modules/http/spreadsheet.js';
import type { Table, TableColumn } from '../../src/modules/http/spreadsheet.js';
import { workbookParts } from '../../src/modules/http/workbook.js';
import { zip } from '../../src/modules/http/zip-stream.js';

interface Row {
  name: string | null;
  share: number | null;
  at: number | null;
}

const MADE = Date.parse('2026-07-15T10:00:00+08:00');
const COLUMNS: readonly TableColumn<Row>[] = [
  { zh: '名称', en: 'name', kind: 'text', value: ({ name }) => name },
  { zh: '可靠率', en: 'ASAI', kind: 'finePercent', value: ({ share }) => share },
  { zh: '时间', en: 'at', kind: 'instant', value: ({ at }) => at },
];
const tableOf = (rows: Iterable<Row>): Table<Row> => ({
  name: 'reliability',
  zh: '供电可靠性',
  en: 'Reliability',
  columns: COLUMNS,
  rows,
  about: {
    period: { from: Date.parse('2026-01-01T00:00:00+08:00'), to: Date.parse('2026-07-01T00:00:00+08:00') },
    filter: [
      { zh: '地区', en: 'area', value: '城东' },
      { zh: '性质', en: 'nature', value: null },
    ],
    policyVersion: 7,
    madeAt: MADE,
  },
});

async function bytesOf(format: 'xlsx' | 'csv', rows: Iterable<Row>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tableFile(format, tableOf(rows)).getStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
const read = async (rows: Iterable<Row>) => readXlsx(await bytesOf('xlsx', rows), { readStyles: true });

const NASTY = [
  '=1+1',
  '+86 10',
  '-5',
  '@cmd',
  '"quoted", <b>&amp;',
  ' spaces ',
  'line\nline',
  '\u0001_x0041_x0042_',
  '配变🔌',
  '',
];

describe('a table as a workbook, opened again by an independent reader', () => {
  it('has the table with both titles, frozen and with filter buttons, and a sheet that says what it tells of', async () => {
    const { sheets } = await read([{ name: 'T1', share: 0.99983614, at: MADE }]);
    expect(sheets.map(({ name }) => name)).toEqual(['供电可靠性', '说明 About']);
    const [table, about] = sheets;
    expect(table?.rows).toEqual([
      ['名称\nname', '可靠率\nASAI', '时间\nat'],
      // A workbook has no zones: ten in the morning in the utility's is ten in the morning there.
      ['T1', 0.99983614, new Date('2026-07-15T10:00:00Z')],
    ]);
    expect(table).toMatchObject({ freezePane: { rows: 1 }, autoFilter: { range: 'A1:C2' } });
    expect(table?.columns?.map(({ width }) => width)).toEqual([22, 13, 20]);
    const formats = ['1,0', '1,1', '1,2'].map((place) => table?.cells?.get(place)?.style?.numFmt);
    expect(formats).toEqual(['@', '0.0000%', 'yyyy-mm-dd hh:mm:ss']);
    expect(about?.rows).toEqual([
      ['供电可靠性\nReliability', ''],
      ['起 from', '2026-01-01T00:00:00+08:00'],
      ['止（不含） to, excluded', '2026-07-01T00:00:00+08:00'],
      ['地区 area', '城东'],
      ['性质 nature', '全部 all'],
      ['策略版本 policy version', '7'],
      ['生成时间 made at', '2026-07-15T10:00:00+08:00'],
      ['时区 time zone', 'Asia/Shanghai'],
    ]);
  });

  it('keeps every text a text, whatever it looks like, and leaves what is not known empty', async () => {
    const { sheets } = await read([
      ...NASTY.map((name) => ({ name, share: 0, at: null })),
      { name: null, share: null, at: null },
    ]);
    const cells = sheets[0]?.cells;
    for (const [index, name] of NASTY.entries()) {
      const cell = cells?.get(`${index + 1},0`);
      expect(cell).toMatchObject({ value: name, type: 'string' });
      expect(cell?.formula).toBeUndefined();
      expect(cells?.get(`${index + 1},1`)).toMatchObject({ value: 0, type: 'number' });
    }
    expect(cells?.has(`${NASTY.length + 1},0`)).toBe(false);
  });

  it('writes while it is read: the first bytes are there before the last row is made', async () => {
    let made = 0;
    function* rows(): Generator<Row> {
      for (; made < 100_000; made += 1) yield { name: `T${made}`, share: made / 7, at: MADE + made };
    }
    for await (const _ of tableFile('xlsx', tableOf(rows())).getStream()) break;
    expect(made).toBeLessThan(50_000);
  });

  it('fails, rather than hangs, when a row cannot be made', async () => {
    function* rows(): Generator<Row> {
      yield { name: 'T1', share: 1, at: null };
      throw new Error('the database went away');
    }
    await expect(bytesOf('xlsx', rows())).rejects.toThrow('the database went away');
    await expect(bytesOf('xlsx', [{ name: 'T1', share: NaN, at: null }])).rejects.toThrow('B2 is NaN');
  });

  it('goes on in a further sheet where one is full', async () => {
    const sheet = { name: 'S', columns: [{ title: 'n', kind: 'count', width: 9 }] } as const;
    const rows = Array.from({ length: 7 }, (_, n) => [n]);
    const chunks: Buffer[] = [];
    for await (const chunk of zip(workbookParts([{ ...sheet, rows }], 4), MADE)) chunks.push(chunk);
    const { sheets } = await readXlsx(Buffer.concat(chunks));
    expect(sheets.map((one) => [one.name, one.rows])).toEqual([
      ['S', [['n'], [0], [1], [2]]],
      ['S 2', [['n'], [3], [4], [5]]],
      ['S 3', [['n'], [6]]],
    ]);
  });
});

describe('a table as CSV', () => {
  it('has a byte order mark, quotes what needs it, and disarms what a spreadsheet would run', async () => {
    const text = (
      await bytesOf('csv', [
        { name: '=cmd|x', share: -0.5, at: MADE },
        { name: 'a "b", c', share: null, at: null },
      ])
    ).toString('utf8');
    expect(text).toBe(
      `\uFEFF名称 name,可靠率 ASAI,时间 at\r\n'=cmd|x,-0.5,2026-07-15T10:00:00+08:00\r\n"a ""b"", c",,\r\n`,
    );
  });
});
