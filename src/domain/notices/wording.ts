import { DAY_MS } from '../instants.js';
import { startOfDate } from '../reconnection/days.js';
import type { Language, NoticeFacts, NoticeKind, Sender } from './notice-kinds.js';

/** Longer names and causes are cut, so that no free text of a dispatcher makes an SMS of five parts. */
const TEXT_MAX = 20;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** What a template sees: each name is always there; null = not known. */
export type NoticeView = Readonly<Record<string, string | number | boolean | null>>;

/** The facts of a notice in the words of a language. Local time is the utility's (main sets TZ). */
export function viewOf<Kind extends NoticeKind>(
  kind: Kind,
  facts: NoticeFacts[Kind],
  language: Language,
  sender: Sender,
): NoticeView {
  const view: Record<string, string | number | boolean | null> = { ...sender };
  for (const [name, value] of Object.entries(facts) as [string, string | number | boolean | null][]) {
    if (name === 'accountNo') view.accountTail = String(value).slice(-4);
    else if (name.endsWith('At')) view[name] = typeof value === 'number' ? sayInstant(value, language) : null;
    else if (name.endsWith('On')) view[name] = sayDay(new Date(startOfDate(String(value))), language);
    else view[name] = typeof value === 'string' ? sayShort(value) : value;
  }
  if ('startsAt' in facts && 'endsAt' in facts) view.endsAt = sayEnd(facts.startsAt, facts.endsAt, language);
  return view;
}

/** `7月15日08:05`, `15 Jul 08:05`. */
function sayInstant(epochMs: number, language: Language): string {
  const date = new Date(epochMs);
  return `${sayDay(date, language)}${language === 'zh-CN' ? '' : ' '}${sayClock(date)}`;
}

const sayDay = (date: Date, language: Language): string =>
  language === 'zh-CN'
    ? `${date.getMonth() + 1}月${date.getDate()}日`
    : `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`;

/** The end of a window without its date when it is the day of the start. */
function sayEnd(startsAt: number, endsAt: number, language: Language): string {
  const [start, end] = [new Date(startsAt), new Date(endsAt)];
  const sameDay = endsAt - startsAt < DAY_MS && start.getDate() === end.getDate();
  return sameDay ? sayClock(end) : sayInstant(endsAt, language);
}

const sayClock = (date: Date): string =>
  `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;

/** White space becomes single plain spaces (a no-break space alone can make a message dearer), brackets of a signature go. */
function sayShort(text: string): string | null {
  const plain = Array.from(
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/[【】]/g, '')
      .trim(),
  );
  if (plain.length === 0) return null;
  return plain.length <= TEXT_MAX ? plain.join('') : `${plain.slice(0, TEXT_MAX - 1).join('')}…`;
}
