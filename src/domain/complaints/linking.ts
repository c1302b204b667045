import { DAY_MS, HOUR_MS } from '../instants.js';
import type { EpisodeKind, EventType } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { ComplaintCategory } from './complaint.js';
import { fitOf, HINTS, isAboutFrequentOutages } from './linking-tables.js';
import type { Trouble } from './linking-tables.js';

export interface LinkableComplaint {
  category: ComplaintCategory;
  text: string;
  receivedAt: number;
}

/** Something that may have caused the call. Instants are epoch milliseconds, `endedAt` null = it lasts. */
export interface Candidate {
  eventType: EventType;
  eventId: number;
  /** For an episode its kind. */
  kind: EpisodeKind | null;
  startedAt: number;
  endedAt: number | null;
  /** How the customer hangs on it, as the network was at the event's time. */
  topology: 'account' | 'transformer' | 'ancestor' | 'silent';
}

/** One reason for or against a link, for the person who confirms it. */
interface EvidencePoint {
  term: 'topology' | 'time' | 'category' | 'text';
  points: number;
  text: string;
  textEn: string;
}

export interface ScoredLink {
  eventType: EventType;
  eventId: number;
  score: number;
  status: 'linked' | 'proposed';
  evidence: EvidencePoint[];
}

const TOPOLOGY: Readonly<Record<Candidate['topology'], Omit<EvidencePoint, 'term'>>> = {
  account: { points: 0.35, text: '同一户号', textEn: 'the same account' },
  transformer: { points: 0.25, text: '客户所在台区', textEn: "the customer's transformer" },
  ancestor: { points: 0.22, text: '客户台区的上级线路', textEn: "a line above the customer's transformer" },
  silent: {
    points: 0.18,
    text: '在停电范围内，本台区终端失联',
    textEn: 'within the outage, the terminal of the transformer is silent',
  },
};
const DURING = 0.25;
const TEXT_LIMIT = 0.25;

/**
 * How well an event explains a call: topology + time + category + the words of the call, each with its points.
 * @returns null when the event lies outside the window of what the call is about, or the score is below policy.complaints.proposeScore
 */
export function scoreLink(complaint: LinkableComplaint, candidate: Candidate, policy: Policy): ScoredLink | null {
  const time = scoreTime(complaint, candidate, policy);
  if (time === null) return null;
  const trouble = troubleOf(candidate);
  const evidence: EvidencePoint[] = [
    { term: 'topology', ...TOPOLOGY[candidate.topology] },
    time,
    { term: 'category', ...fitOf(complaint.category, trouble) },
    ...scoreText(complaint.text, trouble),
  ];
  const sum = evidence.reduce((total, { points }) => total + points, 0);
  const score = Math.round(Math.min(1, Math.max(0, sum)) * 100) / 100;
  if (score < policy.complaints.proposeScore) return null;
  const { eventType, eventId } = candidate;
  return { eventType, eventId, score, status: score >= policy.complaints.linkScore ? 'linked' : 'proposed', evidence };
}

function troubleOf({ eventType, kind }: Candidate): Trouble {
  if (eventType === 'episode') return kind === 'phase_loss' ? 'phase_loss' : 'voltage';
  return eventType;
}

/** How long before the call the event may have ended. */
function windowMs(complaint: LinkableComplaint, trouble: Trouble, policy: Policy): number {
  const { outageWindowHours, voltageWindowDays, disconnectionWindowDays, frequentWindowDays } = policy.complaints;
  if (trouble === 'voltage' || trouble === 'phase_loss') return voltageWindowDays * DAY_MS;
  if (trouble === 'disconnection') return disconnectionWindowDays * DAY_MS;
  return isAboutFrequentOutages(complaint.text) ? frequentWindowDays * DAY_MS : outageWindowHours * HOUR_MS;
}

/**
 * Full points while the event lasts, falling to none over the window after its end. An event that begins after the call can hardly be
 * its cause; clocks and detection are a little late, so that counts less and soon counts against it.
 */
function scoreTime(complaint: LinkableComplaint, candidate: Candidate, policy: Policy): EvidencePoint | null {
  const { receivedAt } = complaint;
  const { startedAt, endedAt } = candidate;
  if (startedAt > receivedAt) {
    const backwardMs = policy.complaints.backwardHours * HOUR_MS;
    const lateMs = startedAt - receivedAt;
    if (lateMs > backwardMs) return null;
    const points = 0.15 - 0.4 * Math.sqrt(lateMs / backwardMs);
    return timePoint(points, `来电后 ${minutes(lateMs)} 分钟才开始`, `began ${minutes(lateMs)} min after the call`);
  }
  if (endedAt === null || endedAt >= receivedAt)
    return timePoint(DURING, '来电时事件持续中', 'lasted at the time of the call');
  const agoMs = receivedAt - endedAt;
  const window = windowMs(complaint, troubleOf(candidate), policy);
  if (agoMs > window) return null;
  const points = DURING * (1 - agoMs / window);
  return timePoint(points, `来电前 ${minutes(agoMs)} 分钟结束`, `ended ${minutes(agoMs)} min before the call`);
}

/** Words that point to this sort of trouble count for it; words that point to another sort count against it. */
function scoreText(text: string, trouble: Trouble): EvidencePoint[] {
  const points: EvidencePoint[] = [];
  let left = TEXT_LIMIT;
  for (const hint of HINTS) {
    const match = hint.pattern.exec(text)?.[0];
    const weight = hint.points[trouble];
    if (match === undefined || weight === undefined) continue;
    const given = weight > 0 ? Math.min(weight, left) : weight;
    if (weight > 0) left -= given;
    if (given !== 0)
      points.push({
        term: 'text',
        points: round(given),
        text: `来电说“${match}”`,
        textEn: `the caller said “${match}”`,
      });
  }
  return points;
}

const timePoint = (points: number, text: string, textEn: string): EvidencePoint => ({
  term: 'time',
  points: round(points),
  text,
  textEn,
});
const round = (points: number): number => Math.round(points * 1000) / 1000;
const minutes = (ms: number): number => Math.round(ms / 60_000);
