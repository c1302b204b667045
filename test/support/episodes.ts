import { HOUR_MS } from '../../src/domain/instants.js';
import type { EpisodeData, NewJournalEntry } from '../../src/domain/journal-entry.js';

/** A journal entry of an episode of low voltage, on phase B unless told otherwise; closed, it lasted an hour. */
export const episodeEntry = (
  type: 'episode_opened' | 'episode_worsened' | 'episode_closed',
  id: number,
  transformerId: number,
  data: Partial<EpisodeData> & { startedAt: number },
): NewJournalEntry => ({
  type,
  subjectType: 'episode',
  subjectId: id,
  happenedAt: data.startedAt,
  data: {
    transformerId,
    kind: 'low_voltage',
    phase: 'B',
    severity: 'minor',
    endedAt: type === 'episode_closed' ? data.startedAt + HOUR_MS : null,
    worstValue: 191.2,
    policyVersion: 1,
    ...data,
  },
});
