import type { OutageNature } from './journal-entry.js';
import { figuresOf } from './reliability-figures.js';
import type { ReliabilityFigures, Tallies } from './reliability-figures.js';
import {
  addCustomers,
  addExperience,
  doesTouch,
  emptyTally,
  isSustained,
  minutesWithin,
  nothingFelt,
} from './reliability.js';
import type {
  CustomerGroup,
  Experience,
  Interruption,
  Period,
  ReliabilityLimits,
  Stay,
  Stretch,
} from './reliability.js';
import { VIEWS, viewsOf } from './reliability-views.js';
import type { Views } from './reliability-views.js';

export interface CountingRules {
  limits: ReliabilityLimits;
  counted: (interruption: Interruption) => boolean;
  /** Major event days: `2026-07-15`. */
  majorDates: ReadonlySet<string>;
  now: number;
}

/** What one outage adds to the sums of a period. */
export interface Share {
  nature: OutageNature;
  customerMinutes: number;
  customerInterruptions: number;
}

/** A row, or the total, in one period. */
interface Cell<Of extends Period = Period> {
  period: Of;
  tallies: Tallies;
}

/** What customers lived through in a period, seen in each way. */
type Lived = Record<keyof Views, Experience>;

interface Life {
  whole: Lived;
  /** By the part's place; those in which nothing happened have none. */
  parts: Map<number, Lived>;
}

interface Guest {
  group: CustomerGroup;
  stay: Stay;
}

/**
 * The sums of a report, fed with the history of one transformer after the other in any order, so that no more than one is held at a time.
 * Customers who hung on several transformers are counted once the last of these has been seen, when the figures are asked for.
 */
export class ReliabilitySums<Part extends Period> {
  private readonly guests = new Map<number, Guest[]>();
  private readonly total: Cell;
  private readonly parts: Cell<Part>[];
  private readonly rows = new Map<string, Cell>();
  private readonly lives = new Map<CustomerGroup, Life>();
  private readonly limits: Record<keyof Views, ReliabilityLimits>;
  /** Of the total over the whole period, by outage; they add up to it. Empty unless asked for. */
  readonly shares = new Map<number, Share>();

  /**
   * @param whole the period of the rows and of the total
   * @param parts periods for which the total is wanted as well
   */
  constructor(
    groups: readonly CustomerGroup[],
    private readonly whole: Period,
    parts: readonly Part[],
    private readonly rules: CountingRules,
    private readonly wantsShares: boolean,
  ) {
    const { limits } = rules;
    // Unknown minutes count however short their stretch is.
    const unknown = { ...limits, sustainedMinutes: 0 };
    this.limits = { all: limits, fault: limits, planned: limits, ordinary: limits, unknown, darkest: limits };
    this.total = { period: whole, tallies: emptyTallies() };
    this.parts = parts.map((period) => ({ period, tallies: emptyTallies() }));
    for (const group of groups) {
      const row = this.rowOf(group);
      for (const { tallies } of row === null ? [this.total, ...this.parts] : [this.total, ...this.parts, row]) {
        tallies.customers += group.customers;
        if (!group.isWatched) tallies.unwatched += group.customers;
      }
      for (const stay of group.stays) {
        const guests = this.guests.get(stay.transformerId);
        if (guests === undefined) this.guests.set(stay.transformerId, [{ group, stay }]);
        else guests.push({ group, stay });
      }
    }
  }

  /** Takes in everything of one transformer: each only once, with what `viewsOf` demands. */
  add(transformerId: number, losses: readonly Interruption[], silences: readonly Stretch[]): void {
    const { counted, majorDates, now } = this.rules;
    const guests = this.guests.get(transformerId) ?? [];
    if (guests.length === 0) return;
    const views = viewsOf(losses, silences, counted, majorDates, now);
    for (const { group, stay } of guests) {
      const life = this.lives.get(group) ?? { whole: nothingLived(), parts: new Map<number, Lived>() };
      this.live(life.whole, views, within(this.whole, stay));
      for (const [index, { period }] of this.parts.entries()) {
        const span = within(period, stay);
        // Whatever any view holds lies in the darkest one.
        if (!views.darkest.some((stretch) => doesTouch(stretch, span, now))) continue;
        const part = life.parts.get(index) ?? nothingLived();
        life.parts.set(index, part);
        this.live(part, views, span);
      }
      if (group.stays.length === 1) this.count(group, life);
      else this.lives.set(group, life);
      if (this.wantsShares) this.share(group, views.all, within(this.whole, stay));
    }
  }

  /** Of the total: over the whole period, and over each part. */
  totals(majorDates: readonly string[]): {
    whole: ReliabilityFigures;
    parts: { period: Part; figures: ReliabilityFigures }[];
  } {
    this.countMovers();
    return {
      whole: figuresOf(this.total.tallies, this.whole, majorDates),
      parts: this.parts.map(({ period, tallies }) => ({ period, figures: figuresOf(tallies, period, majorDates) })),
    };
  }

  /** In the order of their keys. */
  rowFigures(majorDates: readonly string[]): [key: string, figures: ReliabilityFigures][] {
    this.countMovers();
    return [...this.rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { period, tallies }]) => [key, figuresOf(tallies, period, majorDates)]);
  }

  private live(lived: Lived, views: Views, span: Period): void {
    if (span.to <= span.from) return;
    for (const view of VIEWS) addExperience(lived[view], views[view], span, this.limits[view], this.rules.now);
  }

  private count(group: CustomerGroup, life: Life): void {
    const countIn = ({ tallies }: Cell, lived: Lived): void => {
      for (const view of VIEWS) addCustomers(tallies[view], group.customers, lived[view], this.limits[view]);
    };
    countIn(this.total, life.whole);
    const row = this.rowOf(group);
    if (row !== null) countIn(row, life.whole);
    for (const [index, lived] of life.parts) {
      const part = this.parts[index];
      if (part !== undefined) countIn(part, lived);
    }
  }

  private countMovers(): void {
    for (const [group, life] of this.lives) this.count(group, life);
    this.lives.clear();
  }

  private rowOf({ row }: CustomerGroup): Cell | null {
    if (row === null) return null;
    let cell = this.rows.get(row);
    if (cell === undefined) {
      cell = { period: this.whole, tallies: emptyTallies() };
      this.rows.set(row, cell);
    }
    return cell;
  }

  private share({ customers }: CustomerGroup, losses: readonly Interruption[], span: Period): void {
    const { limits, now } = this.rules;
    for (const loss of losses) {
      if (!isSustained(loss, limits, now)) continue;
      const began = loss.startedAt >= span.from && loss.startedAt < span.to;
      const minutes = minutesWithin(loss, span, now);
      if (!began && minutes === 0) continue;
      const share = this.shares.get(loss.outageId) ?? {
        nature: loss.nature,
        customerMinutes: 0,
        customerInterruptions: 0,
      };
      share.customerMinutes += customers * minutes;
      share.customerInterruptions += began ? customers : 0;
      this.shares.set(loss.outageId, share);
    }
  }
}

const within = (period: Period, stay: Stay): Period => ({
  from: Math.max(period.from, stay.from),
  to: Math.min(period.to, stay.to),
});

const nothingLived = (): Lived => ({
  all: nothingFelt(),
  fault: nothingFelt(),
  planned: nothingFelt(),
  ordinary: nothingFelt(),
  unknown: nothingFelt(),
  darkest: nothingFelt(),
});

const emptyTallies = (): Tallies => ({
  customers: 0,
  unwatched: 0,
  all: emptyTally(),
  fault: emptyTally(),
  planned: emptyTally(),
  ordinary: emptyTally(),
  unknown: emptyTally(),
  darkest: emptyTally(),
});
