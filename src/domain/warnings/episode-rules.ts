import type { EpisodeData, EpisodeKind, JournalEntry, Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { Facts, Place } from './facts.js';
import { isWorseWhenHigh } from '../signal.js';
import type { Words } from '../words.js';
import { episodeTitles } from './episode-titles.js';
import { episodeAdvice } from './texts.js';
import { graver, liveOf } from './warning.js';
import type { Decision, Draft, Known, Records } from './warning.js';

/** One episode as it stands in the evidence of its warning, under the episode's id. */
interface EpisodeEvidence {
  phase: string;
  severity: Severity;
  startedAt: number;
  endedAt: number | null;
  worst: number | null;
  /** What was measured, of load, unbalance and the neutral. */
  picture?: Record<string, unknown>;
  /** Late data showed that it never was. */
  withdrawn?: boolean;
}

type EpisodeEntry = Extract<
  JournalEntry,
  { type: 'episode_opened' | 'episode_worsened' | 'episode_closed' | 'episode_revised' }
>;

const episodesOf = (known: Known): Record<string, EpisodeEvidence> =>
  (known.evidence.episodes ?? {}) as Record<string, EpisodeEvidence>;

/**
 * One warning per transformer and kind, whatever the phases: it opens with the first phase's episode and ends with the last one's.
 * Late data revise the warning that holds the episode, also when that is already resolved.
 */
export function decideEpisode(entry: EpisodeEntry, facts: Facts, policy: Policy, records: Records): Decision[] {
  const { data } = entry;
  const place = facts.transformers.get(data.transformerId)?.place;
  if (place === undefined) return [];
  const withdrawn = entry.type === 'episode_revised' && entry.data.withdrawn;
  const evidence: EpisodeEvidence = {
    phase: data.phase,
    severity: data.severity,
    startedAt: data.startedAt,
    endedAt: data.endedAt,
    worst: data.worstValue,
    ...(data.evidence === undefined ? {} : { picture: data.evidence }),
    ...(withdrawn ? { withdrawn } : {}),
  };
  const why = entry.type === 'episode_revised' ? CORRECTED : WHY[whatOf(data)][entry.type];
  const all = records.all(data.kind, 'transformer', data.transformerId);
  const holder = all.findLast((known) => String(entry.subjectId) in episodesOf(known)) ?? null;
  const live = liveOf(records, data.kind, 'transformer', data.transformerId);
  const goesOn = data.endedAt === null && !withdrawn;
  // An episode that goes on belongs to the live warning; there is only one, and only the newest may open again.
  const resumed = live ?? (holder === all.at(-1) ? holder : null);
  const target = goesOn && holder?.status === 'resolved' ? resumed : (holder ?? live);
  // An episode that nobody warned of and that never was needs no warning now.
  if (target === null && withdrawn) return [];
  const episodes = { ...(target === null ? {} : episodesOf(target)), [String(entry.subjectId)]: evidence };
  const draft = draftOf(data.kind, place, episodes, policy);
  const resolve = (note: Words): Decision => ({
    action: 'resolve',
    kind: data.kind,
    subject: draft.subject,
    at: data.endedAt ?? entry.happenedAt,
    note,
  });
  if (target === null) {
    // Known only after it was over: raised all the same, so that it can be found.
    return [
      { action: 'raise', draft, why },
      ...(goesOn ? [] : [resolve({ zh: '得知时已恢复正常', en: 'normal again when it became known' })]),
    ];
  }
  const open = Object.values(episodes).some(isOpen);
  const revise: Decision = {
    action: 'revise',
    ref: target.ref,
    // While it lasts it tells of the phases that are wrong now; once over, of all that were.
    change: open ? draft : { title: draft.title, titleEn: draft.titleEn, evidence: draft.evidence },
    why,
  };
  if (target.status === 'resolved') {
    // Resolved while an episode was open: by a person. Late readings of what was known do not overrule that; a turn for the worse does.
    const byPerson = Object.values(episodesOf(target)).some(isOpen);
    return [{ ...revise, reopen: goesOn && live === null && !(byPerson && entry.type === 'episode_revised') }];
  }
  if (open) return [revise];
  const everTrue = Object.values(episodes).some((one) => one.withdrawn !== true);
  return [
    revise,
    resolve(everTrue ? everOver(data) : { zh: '迟到数据表明异常并未发生', en: 'late data show that it never was' }),
  ];
}

const WHY = {
  phase: {
    episode_opened: { zh: '新的异常相', en: 'another phase is wrong' },
    episode_worsened: { zh: '异常加重', en: 'it got worse' },
    episode_closed: { zh: '一相恢复', en: 'one phase is normal again' },
  },
  whole: {
    episode_opened: { zh: '异常出现', en: 'it began' },
    episode_worsened: { zh: '异常加重', en: 'it got worse' },
    episode_closed: { zh: '恢复正常', en: 'normal again' },
  },
} as const;
const CORRECTED: Words = { zh: '迟到数据修正', en: 'corrected by late data' };
const whatOf = ({ phase }: EpisodeData): keyof typeof WHY => (phase === '' ? 'whole' : 'phase');
const everOver = (data: EpisodeData): Words =>
  whatOf(data) === 'phase'
    ? { zh: '各相均已恢复正常', en: 'all phases are normal again' }
    : { zh: '已恢复正常', en: 'normal again' };

const isOpen = (episode: EpisodeEvidence): boolean => episode.endedAt === null && episode.withdrawn !== true;

function draftOf(kind: EpisodeKind, place: Place, episodes: Record<string, EpisodeEvidence>, policy: Policy): Draft {
  const all = Object.values(episodes);
  const real = all.filter(({ withdrawn }) => withdrawn !== true);
  const shown = all.some(isOpen) ? all.filter(isOpen) : real.length > 0 ? real : all;
  const phases = [...new Set(shown.map((episode) => episode.phase))].sort().join('');
  const worsts = shown.map((episode) => episode.worst).filter((worst) => worst !== null);
  const worst = worsts.length === 0 ? null : isWorseWhenHigh(kind) ? Math.max(...worsts) : Math.min(...worsts);
  const limitV = kind === 'low_voltage' ? policy.voltage.lowV : kind === 'high_voltage' ? policy.voltage.highV : null;
  const severity = shown.map((episode) => episode.severity).reduce(graver);
  const picture = shown.at(-1)?.picture ?? {};
  const titles = episodeTitles({ kind, severity, phases, worst, limitV, picture });
  return {
    kind,
    severity,
    subject: { type: 'transformer', id: place.assetId, code: place.code, name: place.name, area: place.area },
    assetId: place.assetId,
    outageId: null,
    title: `${place.name} ${titles.zh}`,
    titleEn: `${place.name} ${titles.en}`,
    happenedAt: Math.min(...all.map((episode) => episode.startedAt)),
    dueAt: null,
    evidence: { phases, worst, ...(limitV === null ? {} : { limitV }), episodes },
    advice: episodeAdvice(kind, phases, picture),
  };
}
