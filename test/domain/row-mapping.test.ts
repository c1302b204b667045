import { describe, expect, test } from '@jest/globals';
import { checkHeader, mapRow, parseMapping } from '../../src/cli/row-mapping.js';

const mapping = parseMapping('ts=Time, ua=VL1,ub=VL2');

describe('mapping recorded columns to a reading', () => {
  test.each([
    [
      'an instant without a zone is the utility time',
      { Time: '2019-07-13T11:51', VL1: '233.2', VL2: '233.7' },
      { ts: new Date(2019, 6, 13, 11, 51).getTime(), ua: 233.2, ub: 233.7 },
    ],
    [
      'epoch milliseconds and seconds are both understood',
      { Time: '1763712000', VL1: '1', VL2: '2' },
      { ts: 1763712000000, ua: 1, ub: 2 },
    ],
    [
      'an empty cell is not measured, not zero',
      { Time: '1763712000000', VL1: '', VL2: '0' },
      { ts: 1763712000000, ub: 0 },
    ],
  ])('%s', (_, cells, reading) => {
    expect(mapRow(mapping, cells)).toEqual({ ts: reading.ts, reading });
  });

  test.each([
    [
      'an instant that does not exist',
      { Time: '2019-02-31T00:00', VL1: '1', VL2: '1' },
      '"2019-02-31T00:00" is not an instant',
    ],
    ['a cell that is not a number', { Time: '1763712000000', VL1: 'n/a', VL2: '1' }, 'VL1 "n/a" is not a number'],
    ['a number that is not finite', { Time: '1763712000000', VL1: '1e999', VL2: '1' }, 'VL1 "1e999" is not a number'],
    ['a row without any measurement', { Time: '1763712000000', VL1: ' ', VL2: '' }, 'nothing was measured'],
  ])('refuses %s', (_, cells, refused) => {
    expect(mapRow(mapping, cells)).toEqual({ refused });
  });

  test.each([
    ['ua=VL1', '--map must say which column is the instant; example: ts=Time.'],
    ['ts=Time', '--map must name at least one measurement; example: ua=VL1.'],
    ['ts=Time,volt=VL1', '--map: a reading has no "volt"'],
    ['ts=Time,ua', '--map: "ua" is not name=column'],
    ['ts=Time,ua=VL1,ua=VL2', '--map names ua twice.'],
  ])('--map %s is refused in a sentence', (text, sentence) => {
    expect(() => parseMapping(text)).toThrow(sentence);
  });

  test('a mapped column that the file lacks is named', () => {
    expect(() => checkHeader(mapping, ['Time', 'VL1'])).toThrow(
      'The file has no column VL2; its columns are Time, VL1.',
    );
  });
});
