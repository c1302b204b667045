import { beforeAll, describe, expect, it } from '@jest/globals';
import { CityPlayer } from '../../src/cli/play-city.js';
import { addMixedLosses, DetectionScorer, precisionOf, recallOf } from '../../src/cli/score-detection.js';
import type { Scores } from '../../src/cli/score-detection.js';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { buildCity } from '../../src/simulator/build-city.js';
import { Timeline } from '../../src/simulator/timeline.js';
import { TestClock, useDatabase } from '../support/database.js';

const FROM = Date.parse('2026-07-15T10:00:00+08:00');

interface Played {
  scores?: Scores;
  /** Which sorts of warnings about silence there were. */
  warnings: string[];
}

/** Plays losses of an hour, by a fixed seed, into a database of its own. */
function usePlayed(seed: number, minutes: number, counts: Parameters<typeof addMixedLosses>[3]): Played {
  const clock = new TestClock(FROM);
  const held = useDatabase(clock);
  const played: Played = { warnings: [] };
  beforeAll(async () => {
    const city = buildCity('small', seed);
    const timeline = new Timeline(city, FROM - HOUR_MS);
    addMixedLosses(timeline, FROM + 4 * MINUTE_MS, FROM + 64 * MINUTE_MS, counts);
    const player = await CityPlayer.start(held.db, clock);
    await player.importCity(city);
    const scorer = new DetectionScorer(held.db, timeline);
    await player.play(timeline, FROM, FROM + minutes * MINUTE_MS, (at) => scorer.watch(at));
    played.scores = await scorer.scores();
    const rows = await held.db.query<{ what: string }>(
      `select distinct kind || ' of ' || subject_type as what from warning
       where kind in ('outage_suspected', 'terminal_offline') order by 1`,
    );
    played.warnings = rows.map(({ what }) => what);
  });
  return played;
}

function scoresOf({ scores }: Played): Scores {
  if (scores === undefined) throw new Error('the scores are there once beforeAll has run');
  return scores;
}

describe('detection, where supply and communication are lost together', () => {
  const played = usePlayed(11, 68, { outages: 14, terminals: 12, cells: 2 });

  it('records what was out for over three minutes, and nothing else', () => {
    const { record, recordOutages } = scoresOf(played);
    expect(record.found).toBeGreaterThan(40);
    expect(recallOf(record)).toBeGreaterThanOrEqual(0.98);
    expect(precisionOf(record)).toBeGreaterThanOrEqual(0.98);
    expect(recallOf(recordOutages)).toBeGreaterThanOrEqual(0.98);
    expect(precisionOf(recordOutages)).toBeGreaterThanOrEqual(0.98);
  });

  it('knows of them while they last', () => {
    const { live, liveOutages, falseOutages, silences } = scoresOf(played);
    expect(recallOf(liveOutages)).toBeGreaterThanOrEqual(0.98);
    expect(precisionOf(liveOutages)).toBeGreaterThanOrEqual(0.98);
    expect(recallOf(live)).toBeGreaterThanOrEqual(0.98);
    expect(precisionOf(live)).toBeGreaterThanOrEqual(0.98);
    expect(falseOutages).toBe(0);
    expect(silences.accused).toBe(0);
  });
});

describe('detection, where only communication is lost', () => {
  const played = usePlayed(12, 30, { outages: 0, terminals: 20, cells: 6 });

  it('opens no outage', () => {
    expect(played.scores?.record).toEqual({ found: 0, missed: 0, invented: 0 });
    expect(played.scores?.falseOutages).toBe(0);
    expect(played.scores?.silences.quiet).toBeGreaterThan(50);
    expect(played.warnings).toContain('terminal_offline of area');
    expect(played.warnings).not.toContain('outage_suspected of outage');
  });
});
