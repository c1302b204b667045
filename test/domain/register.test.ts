import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ASSET_COLUMNS, mergeAsset } from '../../src/domain/register/asset-rows.js';
import type { AssetKind, RegisteredAsset } from '../../src/domain/register/asset-rows.js';
import { checkTree } from '../../src/domain/register/asset-tree.js';
import type { Placed } from '../../src/domain/register/asset-tree.js';
import { readRow } from '../../src/domain/register/column.js';
import { CUSTOMER_COLUMNS } from '../../src/domain/register/customer-rows.js';
import { planMove } from '../../src/domain/register/move.js';

const reasonOf = (cells: Record<string, string>, columns: typeof ASSET_COLUMNS | typeof CUSTOMER_COLUMNS): string => {
  const result = readRow(columns, { line: 2, cells });
  return 'reason' in result ? result.reason : 'taken';
};

describe('cells of an import file', () => {
  it.each<[string, Record<string, string>, string]>([
    ['trims', { code: ' T1 ', kind: 'transformer ' }, 'taken'],
    ['refuses a space in a code', { code: 'T 1' }, 'code "T 1" may not hold spaces'],
    ['refuses a control character', { code: 'T1', name: 'a\u0000b' }, 'name "a\\u0000b" holds a control character'],
    [
      'refuses a thousands separator',
      { code: 'T1', capacity_kva: '1,000' },
      'capacity_kva "1,000" is not a number (decimal point, no thousands separator)',
    ],
    [
      'refuses hexadecimal and exponents',
      { code: 'T1', capacity_kva: '1e3' },
      'capacity_kva "1e3" is not a number (decimal point, no thousands separator)',
    ],
    ['refuses a half tap', { code: 'T1', tap_position: '1.5' }, 'tap_position 1.5 is not a whole number'],
    [
      'refuses a name of another column in a prototype',
      { constructor: 'x' },
      `constructor is not a column; known are ${Object.keys(ASSET_COLUMNS).join(', ')}`,
    ],
    [
      'refuses an instant that is none',
      { code: 'T1', effective_at: '31.12.2026' },
      'effective_at "31.12.2026" is not an instant; write 2026-11-21T08:00:00+08:00',
    ],
  ])('%s', (_, cells, expected) => {
    expect(reasonOf(cells, ASSET_COLUMNS)).toBe(expected);
  });

  it.each([
    ['+8613800138000', 'taken'],
    ['0871-6311 1111', 'taken'],
    ['12', 'mobile is not a telephone number (5 to 15 digits, + in front allowed)'],
    ['13800138000/13900139000', 'mobile is not a telephone number (5 to 15 digits, + in front allowed)'],
  ])('reads the telephone number %s: %s', (mobile, expected) => {
    expect(reasonOf({ account_no: '1', mobile }, CUSTOMER_COLUMNS)).toBe(expected);
  });

  it('never throws, whatever a cell holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(CUSTOMER_COLUMNS)), fc.string({ unit: 'binary' }), (name, cell) => {
        expect(typeof reasonOf({ [name]: cell }, CUSTOMER_COLUMNS)).toBe('string');
      }),
    );
  });

  it('clears a value by an empty cell and keeps it when the column is not there', () => {
    const existing = mergeAsset(
      { code: 'T1', kind: 'transformer', owner: '张工', area: 'north' },
      undefined,
    ) as RegisteredAsset;
    const cells = (row: Record<string, string>) => readRow(ASSET_COLUMNS, { line: 2, cells: row }) as object;
    expect(mergeAsset({ ...cells({ code: 'T1', owner: '' }) }, existing)).toMatchObject({ owner: null, area: 'north' });
    expect(mergeAsset({ ...cells({ code: 'T1' }) }, existing)).toMatchObject({ owner: '张工', area: 'north' });
  });
});

describe('the tree of a file', () => {
  const placed = (code: string, kind: AssetKind, parentCode: string | null): Placed => ({ code, kind, parentCode });
  const check = (rows: Placed[], registered: Placed[] = []): number[] =>
    [
      ...checkTree(
        new Map(rows.map((row, index) => [index, row])),
        new Map(registered.map((row) => [row.code, row])),
      ).keys(),
    ].sort((a, b) => a - b);

  it('takes a row with it whose parent was refused, but not one whose parent stands in the register', () => {
    const bad = placed('F', 'feeder', 'nowhere');
    const child = placed('T', 'transformer', 'F');
    expect(check([child, bad])).toEqual([0, 1]);
    expect(check([child, bad], [placed('F', 'feeder', null)])).toEqual([1]);
  });

  it('finds a cycle that closes through the register', () => {
    const registered = [
      placed('F', 'feeder', null),
      placed('A', 'section', 'F'),
      placed('B', 'section', 'A'),
      placed('C', 'section', 'B'),
    ];
    expect(check([placed('A', 'section', 'C')], registered)).toEqual([0]);
    expect(check([placed('C', 'section', 'A')], registered)).toEqual([]);
  });

  it('leaves a tree in which every parent is there, of a kind above, and nothing hangs below itself, in any order of rows', () => {
    const codes = ['a', 'b', 'c', 'd', 'e', 'f'];
    const row = fc.record({
      code: fc.constantFrom(...codes),
      kind: fc.constantFrom<AssetKind>('substation', 'feeder', 'section', 'section', 'transformer'),
      parentCode: fc.option(fc.constantFrom(...codes)),
    });
    const files = fc
      .uniqueArray(row, { selector: (value) => value.code, minLength: 1 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    fc.assert(
      fc.property(files, ([rows, shuffled]) => {
        const standing = (list: Placed[]): Map<string, Placed> => {
          const refused = new Set(check(list));
          return new Map(list.filter((_, index) => !refused.has(index)).map((value) => [value.code, value]));
        };
        const tree = standing(rows);
        expect([...standing(shuffled).keys()].sort()).toEqual([...tree.keys()].sort());
        for (const start of tree.keys()) {
          let steps = 0;
          for (let code: string | null = start; code !== null; code = tree.get(code)?.parentCode ?? null) {
            expect(tree.has(code)).toBe(true);
            expect((steps += 1)).toBeLessThanOrEqual(codes.length);
          }
        }
      }),
    );
  });
});

describe('a move', () => {
  const move = (change: Partial<Parameters<typeof planMove>[0]>) =>
    planMove({ current: 'A', next: 'B', validFrom: -Infinity, effectiveAt: null, now: 1_000, ...change });

  it.each([
    ['is none when nothing changes', { next: 'A' }, { move: 'none' }],
    ['is effective now when the file says nothing', {}, { move: 'close', at: 1_000 }],
    ['is effective when the file says', { effectiveAt: 500 }, { move: 'close', at: 500 }],
    ['replaces at the instant of the last one', { validFrom: 1_000 }, { move: 'replace', at: 1_000 }],
  ])('%s', (_, change, expected) => {
    expect(move(change)).toEqual(expected);
  });

  it.each([
    ['future', { effectiveAt: 1_001 }],
    ['last move', { validFrom: 600, effectiveAt: 599 }],
  ])('is refused (%s)', (word, change) => {
    expect(move(change)).toMatchObject({ move: 'refused', reason: expect.stringContaining(word) as unknown });
  });
});
