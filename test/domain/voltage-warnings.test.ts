import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EpisodeData } from '../../src/domain/journal-entry.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import type { WarningBook } from '../../src/domain/warnings/warning-book.js';
import type { Known } from '../../src/domain/warnings/warning.js';
import { entry, facts, run, shown, T0 } from '../support/warning-rules.js';

describe('warnings of voltage, whatever happens', () => {
  const step = fc.record({
    type: fc.constantFrom(
      'episode_opened' as const,
      'episode_worsened' as const,
      'episode_closed' as const,
      'episode_revised' as const,
    ),
    episode: fc.integer({ min: 1, max: 4 }),
    severity: fc.constantFrom('minor' as const, 'major' as const, 'critical' as const),
    closed: fc.boolean(),
    withdrawn: fc.boolean(),
  });
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
  const entryOf = ({ type, episode, severity, closed, withdrawn }: Step): WarningEntry => {
    const data: EpisodeData = {
      transformerId: 7,
      kind: 'low_voltage',
      phase: (['A', 'B', 'C', 'A'] as const)[episode - 1] ?? 'A',
      severity,
      startedAt: T0 + episode,
      endedAt: type === 'episode_closed' || (type === 'episode_revised' && closed) ? T0 + HOUR_MS : null,
      worstValue: 190,
      policyVersion: 1,
    };
    const late = type === 'episode_revised' ? { why: 'late', withdrawn } : {};
    return entry(type, 'episode', episode, { ...data, ...late } as never);
  };
  const live = (book: WarningBook): Known[] =>
    book.pages.map(({ now }) => now).filter(({ status }) => status !== 'resolved');
  const contents = (book: WarningBook): unknown => book.pages.map(({ now }) => now);

  it('never has two live warnings, and is live exactly while an episode of its evidence is open', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const book = run(steps.map(entryOf));
        expect(live(book).length).toBeLessThanOrEqual(1);
        for (const { now } of book.pages) {
          const episodes = Object.values(
            now.evidence.episodes as Record<string, { endedAt: number | null; withdrawn?: boolean }>,
          );
          const open = episodes.some((one) => one.endedAt === null && one.withdrawn !== true);
          if (now.status !== 'resolved') expect(open).toBe(true);
        }
      }),
    );
  });

  it('stays resolved by a person when late readings come, and opens again when it gets worse', () => {
    const one = { episode: 1, severity: 'minor', closed: false, withdrawn: false } as const;
    const book = run([entryOf({ ...one, type: 'episode_opened' })]);
    book.apply([
      {
        action: 'resolve',
        kind: 'low_voltage',
        subject: { type: 'transformer', id: 7 },
        at: T0,
        note: { zh: '人工', en: 'by a person' },
      },
    ]);
    run([entryOf({ ...one, type: 'episode_revised' })], facts(), book);
    expect(shown(book)).toEqual(['low_voltage minor resolved']);
    run([entryOf({ ...one, type: 'episode_worsened', severity: 'major' })], facts(), book);
    expect(shown(book)).toEqual(['low_voltage major open']);
  });

  it('is not changed by reading an entry twice in a row', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const entries = steps.map(entryOf);
        const twice = entries.flatMap((one) => [one, one]);
        expect(contents(run(twice))).toEqual(contents(run(entries)));
      }),
    );
  });
});
