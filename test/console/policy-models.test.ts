import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { axisEnd, bandText } from '../../web/src/model/figures.js';
import {
  areaSettingsOf,
  changeOf,
  settingsOf,
  unitOf,
  valueField,
  valueOfField,
  valueText,
} from '../../web/src/model/policy-settings.js';
import { settingWords } from '../../web/src/model/policy-words.js';
import { boundsOf, presetDays } from '../../web/src/model/report-period.js';
import { lineInMessage, lineOfPath } from '../../web/src/model/yaml-place.js';

describe('the settings of a policy', () => {
  const leaf = (value: unknown) => ({ value, source: 'somewhere' });
  const policy = {
    profile: 'csg',
    voltage: { lowV: leaf(198), holdMinutes: leaf(15) },
    outage: { ladderHours: leaf([4, 8]) },
    areas: { 城东: { voltage: { lowV: leaf(205) } } },
  };

  it('are its leaves, those of areas beside what holds elsewhere', () => {
    expect(settingsOf(policy).map(({ path }) => path)).toEqual([
      'voltage.lowV',
      'voltage.holdMinutes',
      'outage.ladderHours',
    ]);
    expect(areaSettingsOf(policy)).toMatchObject([{ area: '城东', path: 'voltage.lowV', value: 205, elsewhere: 198 }]);
  });

  it('all have a value that can be read and typed, in the built-in policy', () => {
    for (const { name, value } of settingsOf(readPolicyFile(builtInPolicyFile('csg')).raw as object as never)) {
      expect(valueText(value, unitOf(name))).not.toMatch(/undefined|object Object/);
      expect(valueOfField(valueField(value))).toEqual(value);
    }
  });

  it.each([
    [0.6, 'deadBelowShare', '60'],
    [[0.5, 0.75], 'warnAtShares', '50, 75'],
    [[4, 6.5], 'ladderHours', '4, 6.5'],
    ['Dyn11', 'usualConnection', 'Dyn11'],
    [[], 'majorEventDays', '—'],
    [[{ name: 'year', count: 4, plannedOnly: true }], 'hit', 'name year, count 4, plannedOnly ✓'],
  ])('%j of %s reads %s', (value, name, text) => expect(valueText(value, unitOf(name))).toBe(text));

  it('are named in both languages, by their path where nobody has named them', () => {
    expect(settingWords('voltage.lowV', 'zh-CN')).toBe('低电压限值');
    expect(settingWords('voltage.lowV', 'en')).toBe('low (V)');
    expect(settingWords('some.newThingMinutes', 'zh-CN')).toBe('new thing minutes');
  });

  it('are changed one at a time, for all or for one area', () => {
    const change = { value: 6, source: 'notice 12' };
    expect(changeOf('', 'outage.longHours', 6, 'notice 12')).toEqual({
      extends: 'current',
      outage: { longHours: change },
    });
    expect(changeOf('城东', 'outage.longHours', 6, 'notice 12')).toEqual({
      extends: 'current',
      areas: { 城东: { outage: { longHours: change } } },
    });
  });
});

describe('the place of a fault in a YAML text', () => {
  const text = `extends: current
# lowV: nothing
voltage:
  highV: { value: 236, source: 't' }

  lowV:
    value: 5000
    source: 't'
areas:
  城东:
    voltage:
      lowV: { value: -1, source: 't' }
`;

  it.each([
    ['voltage.highV', 3],
    ['voltage.lowV', 5],
    ['areas.城东.voltage.lowV', 11],
    ['voltage.unheardOf', 2],
    ['outage.longHours', null],
    ['voltage.lowV[2]', 5],
  ])('%s is on line %j', (path, line) => expect(lineOfPath(text, path)).toBe(line));

  it('is told by the parser where the text is no YAML', () => {
    expect(lineInMessage('is neither YAML nor JSON: Nested mappings are not allowed at line 3, column 5:')).toBe(2);
    expect(lineInMessage('must be a tree')).toBeNull();
  });

  it('is always a line of the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        const line = lineOfPath(text, path);
        expect(line === null || (line >= 0 && line < text.split('\n').length)).toBe(true);
      }),
    );
  });
});

describe('the days of a report', () => {
  it.each([
    ['month', { first: '2026-03-01', last: '2026-03-05' }],
    ['lastMonth', { first: '2026-02-01', last: '2026-02-28' }],
    ['year', { first: '2026-01-01', last: '2026-03-05' }],
  ] as const)('%s', (preset, days) => expect(presetDays(preset, '2026-03-05')).toEqual(days));

  it('are whole: the last one ends at midnight', () => {
    expect(boundsOf({ first: '2026-12-31', last: '2026-12-31' })).toEqual({
      from: '2026-12-31T00:00',
      to: '2027-01-01T00:00',
    });
    expect(boundsOf({ first: '2026-12-31', last: '2026-12-30' })).toBeNull();
    expect(boundsOf({ first: '', last: '2026-12-30' })).toBeNull();
  });
});

describe('figures', () => {
  it('show a band only where it says more than the figure', () => {
    const write = (value: number): string => value.toFixed(1);
    expect(bandText(1, { min: 1, max: 2.25 }, write)).toBe('1.0 – 2.3');
    expect(bandText(1, { min: 1, max: 1.01 }, write)).toBe('');
    expect(bandText(null, { min: 1, max: 2 }, write)).toBe('');
  });

  it.each([
    [0, 1],
    [0.03, 0.05],
    [80, 100],
    [600, 1000],
    [100, 100],
  ])('an axis for %d ends at %d', (most, end) => expect(axisEnd(most)).toBeCloseTo(end, 9));
});
