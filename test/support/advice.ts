import { beforeEach } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { adviceFollower } from '../../src/modules/advice/advice.follower.js';
import { findWarning } from '../../src/modules/warnings/warning-queries.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from './database.js';
import { appendAll, buildSmallCity, catchUp, POLICY } from './small-city.js';

/** 20:00 in the utility's zone: the evening peak has lasted two hours. */
export const NOW = Date.parse('2026-07-15T20:00:00+08:00');
export const EVENING = NOW - 2 * HOUR_MS;
export const WEEK = { from: NOW - 7 * DAY_MS, to: NOW, eveningV: 196, otherV: 215 };

/** A small city without any readings, on tap III, before every test; and the ways to bring low voltage and to read what is advised. */
export function useAdvice() {
  const clock = new TestClock(NOW);
  const held = useDatabase(clock);
  const city: { transformers: readonly number[] } = { transformers: [] };

  beforeEach(async () => {
    const { db } = held;
    if (city.transformers.length === 0) city.transformers = (await buildSmallCity(db)).transformers;
    await db.query('truncate warning, warning_comment, episode, reading, transformer_state, corrective_action cascade');
    await db.query(
      `update asset set capacity_kva = 315, tap_position = 3, tap_count = 5, tap_step_percent = 2.5 where kind = 'transformer'`,
    );
    clock.set(NOW);
  });

  /** An episode as telemetry writes it: the row and its entry. */
  async function lowOn(transformerId: number, phase: 'A' | 'B' | 'C' = 'A'): Promise<void> {
    const { db } = held;
    const [row] = await db.query<{ id: number }>(
      `insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, worst_value,
         evidence, policy_version)
       values ($1, 'low_voltage', $2, 'minor', $3, $3, $3, 196, '{}', 1) returning id`,
      [transformerId, phase, new Date(EVENING)],
    );
    const entry: NewJournalEntry = {
      type: 'episode_opened',
      subjectType: 'episode',
      subjectId: row?.id ?? 0,
      happenedAt: EVENING,
      data: {
        transformerId,
        kind: 'low_voltage',
        phase,
        severity: 'minor',
        startedAt: EVENING,
        endedAt: null,
        worstValue: 196,
        policyVersion: 1,
      },
    };
    await appendAll(db, entry);
  }

  async function follow(): Promise<void> {
    await catchUp(held.db, followerOf(POLICY));
    await catchUp(held.db, adviceFollower({ at: () => POLICY }, 'Asia/Shanghai'));
  }

  async function adviceOf(transformerId: number) {
    const [row] = await held.db.query<{ id: number }>(`select id from warning where subject_id = $1`, [transformerId]);
    return findWarning(held.db, row?.id ?? 0);
  }

  return { clock, held, city, lowOn, follow, adviceOf };
}
