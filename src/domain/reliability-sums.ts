import { joinParts, partOf } from './customer-history.js';
import type { LivedPart } from './customer-history.js';
import type { OutageNature } from './journal-entry.js';
import { figuresOf } from './reliability-figures.js';
import type { ReliabilityFigures, Tallies } from './reliability-figures.js';
import { addCustomers, doesTouch, emptyTally, experienceOf, isSustained, minutesWithin } from './reliability.js';
import type { CustomerGroup, Interruption, Period, ReliabilityLimits, Stay, Stretch } from './reliability.js';
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
  /** Of those who moved, what happened where they hung. */
  private readonly lived = new Map<CustomerGroup, LivedPart[]>();
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

  /** Takes in everything of one transformer: each only once, with what `viewsOf` demands, also at the moves to and from it. */
  add(transformerId: number, losses: readonly Interruption[], silences: readonly Stretch[]): void {
    const { now } = this.rules;
    let views: Views | null = null;
    for (const { group, stay } of this.guests.get(transformerId) ?? []) {
      if (stay.from === -Infinity && stay.to === Infinity) {
        this.count(group, (views ??= this.viewsOf(losses, silences)));
        continue;
      }
      const part = partOf(stay, losses, silences, now);
      if (part === null) continue;
      const parts = this.lived.get(group);
      if (parts === undefined) this.lived.set(group, [part]);
      else parts.push(part);
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

  private viewsOf(losses: readonly Interruption[], silences: readonly Stretch[]): Views {
    const { counted, majorDates, now } = this.rules;
    return viewsOf(losses, silences, counted, majorDates, now);
  }

  private count(group: CustomerGroup, views: Views): void {
    const row = this.rowOf(group);
    this.countIn(row === null ? [this.total] : [this.total, row], this.whole, group.customers, views);
    for (const part of this.parts) this.countIn([part], part.period, group.customers, views);
    if (this.wantsShares) this.share(group, views.all);
  }

  private countIn(cells: readonly Cell[], period: Period, customers: number, views: Views): void {
    const { now } = this.rules;
    // Whatever any view holds lies in the darkest one.
    if (!views.darkest.some((stretch) => doesTouch(stretch, period, now))) return;
    for (const view of VIEWS) {
      const felt = experienceOf(views[view], period, this.limits[view], now);
      for (const { tallies } of cells) addCustomers(tallies[view], customers, felt, this.limits[view]);
    }
  }

  private countMovers(): void {
    for (const [group, parts] of this.lived) {
      const { losses, silences } = joinParts(parts);
      this.count(group, this.viewsOf(losses, silences));
    }
    this.lived.clear();
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

  private share({ customers }: CustomerGroup, losses: readonly Interruption[]): void {
    const { limits, now } = this.rules;
    const { from, to } = this.whole;
    for (const loss of losses) {
      if (!isSustained(loss, limits, now)) continue;
      const began = loss.startedAt >= from && loss.startedAt < to;
      const minutes = minutesWithin(loss, this.whole, now);
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
