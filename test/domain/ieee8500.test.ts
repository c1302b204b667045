import { describe, expect, test } from '@jest/globals';
import { convertIeee8500 } from '../../src/cli/ieee8500.js';
import type { Ieee8500Tables } from '../../src/cli/ieee8500.js';

/** A made-up feeder in the form of the published tables: comments, ragged spaces, a regulator, an open switch, two branches of 26. */
function tables(): Ieee8500Tables {
  const branch = (letter: string): string[] => Array.from({ length: 26 }, (_, n) => `${letter}${n}`);
  const line = (name: string, from: string, to: string, more = ''): string =>
    `${name}, ${from}, ABC,   ${to}, ABC,  0.01, km, 3PH-Connector ${more}`;
  const chains = ['P', 'Q'].flatMap((letter) =>
    branch(letter).map((bus, n) => line(`LN${bus}`, n === 0 ? 'FORK' : `${letter}${n - 1}`, bus)),
  );
  const buses = [...branch('P'), ...branch('Q')];
  return {
    lines: [
      '#   Primary   circuit    line   definitions   ',
      'Name, Bus1, Phases, Bus2, Phases, Length, Units, LineCode,  Status   ',
      line('HEAD', '_HVMV_Sub_LSB', 'M1'),
      line('TOREG', 'M1', 'regxfmr_190-1'),
      line('FROMREG', '190-1', 'FORK'),
      ...chains,
      line('TIE', 'P25', 'Q25', ', open'),
      '',
    ].join('\r\n'),
    transformers: [
      '# Center-tapped Distribution transformer definitions',
      'Name, NumPhases, Wdg1Bus, phase, Wdg1kV, Wdg1kVA, Wdg2Bus, phase, Wdg2kV',
      ...buses.map((bus, n) => `T${bus}, 1, ${bus}, ${'ABC'[n % 3]}, 7.2, 25, X${bus}, a, 0.12`),
    ].join('\n'),
    loads: [
      '#  Loads are defined as two 120V loads',
      '',
      'Name, NumPhases, Bus, phases, Voltage, status, model, connection, kW, PF',
      ...buses.map(
        (bus, n) => `L${bus}, 2, SX${bus}, ab,  120.0,  variable, 1,  wye, ${n === 0 ? '31.5' : '3.89'}, 0.97`,
      ),
    ].join('\n'),
    triplex: null,
  };
}

const rows = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe('converting the IEEE 8500-node feeder', () => {
  test('gives one substation, one feeder, a section per branch and every transformer below the right one', () => {
    const { assets } = convertIeee8500(tables());
    const byKind = (kind: string): string[][] => rows(assets).filter((row) => row[1] === kind);
    expect(byKind('substation')).toHaveLength(1);
    expect(byKind('feeder')).toHaveLength(1);
    expect(byKind('transformer')).toHaveLength(52);
    const members = new Map<string, Set<string>>();
    for (const [code = '', , parent = ''] of byKind('transformer'))
      members.set(parent, (members.get(parent) ?? new Set()).add(code[1] ?? ''));
    const large = [...members.entries()].filter(
      ([parent]) => byKind('transformer').filter((row) => row[2] === parent).length >= 25,
    );
    expect(new Set(large.map(([, letters]) => [...letters].join('')))).toEqual(new Set(['P', 'Q'])); // neither mixes the branches
    expect(new Set(byKind('section').map((row) => row[0]))).toEqual(new Set(members.keys()));
    expect(byKind('transformer')[0]).toEqual([
      'TP0',
      'transformer',
      expect.any(String),
      'Transformer TP0',
      'IEEE 8500',
      'rural',
      '25',
    ]);
  });

  test('gives one terminal a transformer and one customer a load, with phase and size', () => {
    const { terminals, customers } = convertIeee8500(tables());
    expect(rows(terminals)).toHaveLength(52);
    expect(terminals).toContain('TTU-TP0,TP0,60');
    expect(customers).toContain('LP0,Load LP0,TP0,A,commercial,0,,');
    expect(customers).toContain('LP1,Load LP1,TP1,B,residential,0,,');
  });

  test('takes the triplex table for the way from load to transformer where it is there', () => {
    const given = tables();
    const loads = given.loads.replace('SXP0,', 'HOUSE1,');
    expect(() => convertIeee8500({ ...given, loads })).toThrow(
      'Load LP0 hangs on bus HOUSE1, which no transformer feeds.',
    );
    const all = ['P', 'Q']
      .flatMap((letter) => Array.from({ length: 26 }, (_, n) => `${letter}${n}`))
      .map((bus) => `t${bus}, X${bus}, 12, SX${bus}, 12, code, 1, ft`);
    const triplex = [
      'name, Bus1, phases, Bus2, phases, Linecode, Length, Units',
      ...all,
      'tH, XP0, 12, HOUSE1, 12, code, 1, ft',
    ].join('\n');
    expect(convertIeee8500({ ...given, loads, triplex }).customers).toContain('LP0,Load LP0,TP0,A');
  });

  test('says which transformer no closed line reaches, and which column is missing', () => {
    const given = tables();
    expect(() =>
      convertIeee8500({
        ...given,
        lines: given.lines.replace(
          'LNQ0, FORK, ABC,   Q0, ABC,  0.01, km, 3PH-Connector ',
          'LNQ0, FORK, ABC,   Q0, ABC,  0.01, km, 3PH-Connector , open',
        ),
      }),
    ).toThrow('Transformer TQ0 hangs on bus Q0, to which no closed line leads.');
    expect(() => convertIeee8500({ ...given, transformers: given.transformers.replace('Wdg1kVA', 'size') })).toThrow(
      'LoadXfmrs has no column wdg1kva or kva',
    );
  });
});
