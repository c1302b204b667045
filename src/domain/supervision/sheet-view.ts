import { CATEGORIES, CATEGORY_NAMES } from '../complaints/complaint.js';
import type { Language } from '../register/customer-rows.js';
import { parseInstant } from '../instants.js';
import { minuteText } from './minute-text.js';
import type { Cause, SupervisedKind } from './causes.js';
import { CAUSE_TEXTS, englishTitle, FACT_LABELS, MEASURES, NATURE_TEXTS } from './sheet-texts.js';

/** A supervision order as its sheet needs it. Instants are epoch milliseconds. */
export interface SheetOrder {
  number: string;
  cause: Cause;
  kind: SupervisedKind;
  subject: { type: string; code: string; name: string; area: string };
  title: string;
  happenedAt: number;
  dueAt: number | null;
  openedAt: number;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  level: number;
  replyDueAt: number | null;
  state: 'open' | 'replied' | 'closed';
  closedOn: 'measured' | 'word' | 'kept' | null;
  facts: Readonly<Record<string, unknown>>;
  effect: { measured: boolean; zh: string; en: string };
  trail: readonly { at: number; by: string; zh: string; en: string }[];
}

/** What a template sees: every name is always there, null = nothing to print. */
export interface SheetView {
  language: Language;
  number: string;
  issuedAt: string;
  cause: string;
  title: string;
  unit: string | null;
  routeNote: string | null;
  person: string | null;
  area: string | null;
  subject: string;
  happenedAt: string;
  dueAt: string | null;
  replyDueAt: string | null;
  level: number | null;
  facts: { label: string; value: string }[];
  measures: readonly string[];
  trail: { at: string; by: string; text: string }[];
  effect: string;
  closed: string | null;
}

export function sheetViewOf(order: SheetOrder, language: Language): SheetView {
  const zh = language === 'zh-CN';
  const { subject, routeNote, replyDueAt, dueAt } = order;
  const place = [subject.name, subject.code].filter((part) => part !== '').join(' ');
  return {
    language,
    number: order.number,
    issuedAt: minuteText(order.openedAt),
    cause: CAUSE_TEXTS[order.cause][language],
    title: zh ? order.title : englishTitle(order.kind, subject),
    unit: order.unit,
    routeNote: routeNote === null ? null : zh ? routeNote.zh : routeNote.en,
    person: order.person,
    area: subject.area === '' ? null : subject.area,
    subject: place,
    happenedAt: minuteText(order.happenedAt),
    dueAt: dueAt === null ? null : minuteText(dueAt),
    replyDueAt: replyDueAt === null ? null : minuteText(replyDueAt),
    level: order.level === 0 ? null : order.level,
    facts: factsOf(order.facts, language),
    measures: MEASURES[order.cause][language],
    trail: order.trail.map((line) => ({
      at: minuteText(line.at),
      by: line.by === 'system' && zh ? '系统' : line.by,
      text: zh ? line.zh : line.en,
    })),
    effect: zh ? order.effect.zh : order.effect.en,
    closed: order.closedOn === null ? null : CLOSED[order.closedOn][zh ? 'zh' : 'en'],
  };
}

const CLOSED = {
  measured: { zh: '已办结（实测）', en: 'closed, measured' },
  word: { zh: '已办结（未经实测）', en: 'closed on a word' },
  kept: { zh: '已办结（更正后未超时）', en: 'closed, the promise was kept' },
} as const;

function factsOf(facts: SheetOrder['facts'], language: Language): SheetView['facts'] {
  return Object.entries(FACT_LABELS).flatMap(([name, label]) => {
    const value = valueOf(name, facts[name], language);
    return value === null ? [] : [{ label: label[language], value }];
  });
}

function valueOf(name: string, value: unknown, language: Language): string | null {
  if (typeof value === 'number') return name.endsWith('At') ? minuteText(value) : String(value);
  if (typeof value !== 'string' || value === '') return null;
  const instant = name.endsWith('At') ? parseInstant(value) : null;
  if (instant !== null) return minuteText(instant);
  if (name === 'nature') return NATURE_TEXTS[value]?.[language] ?? value;
  if (name !== 'category' || language === 'en') return value.replaceAll('_', ' ');
  const category = CATEGORIES.find((one) => one === value);
  return category === undefined ? value : CATEGORY_NAMES[category];
}
