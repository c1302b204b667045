import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sizeOf } from '../../../src/domain/notices/sms-segments.js';

const cases: [string, string, string, number, number][] = [
  ['an empty text is one message', '', 'GSM-7', 0, 1],
  ['160 GSM characters are one message', 'a'.repeat(160), 'GSM-7', 160, 1],
  ['161 GSM characters are two, of 153 each', 'a'.repeat(161), 'GSM-7', 161, 2],
  ['306 are still two', 'a'.repeat(306), 'GSM-7', 306, 2],
  ['307 are three', 'a'.repeat(307), 'GSM-7', 307, 3],
  ['the euro takes two septets', '€'.repeat(80), 'GSM-7', 160, 1],
  ['an escape pair is not cut between two parts', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3],
  ['70 Chinese characters are one message', '电'.repeat(70), 'UCS-2', 70, 1],
  ['71 are two, of 67 each', '电'.repeat(71), 'UCS-2', 71, 2],
  ['134 are still two', '电'.repeat(134), 'UCS-2', 134, 2],
  ['135 are three', '电'.repeat(135), 'UCS-2', 135, 3],
  ['one Chinese character makes the whole text UCS-2', `${'a'.repeat(70)}电`, 'UCS-2', 71, 2],
  ['an emoji takes two units', '⚡️💡', 'UCS-2', 4, 1],
  ['a surrogate pair is not cut between two parts', `${'电'.repeat(66)}💡${'电'.repeat(66)}`, 'UCS-2', 134, 3],
];

describe('sizeOf', () => {
  it.each(cases)('%s', (_, text, encoding, units, segments) => {
    expect(sizeOf(text)).toEqual({ encoding, units, segments });
  });

  it('never needs fewer parts for more text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (text, more) => {
        expect(sizeOf(text + more).segments).toBeGreaterThanOrEqual(sizeOf(text).segments);
      }),
    );
  });
});
