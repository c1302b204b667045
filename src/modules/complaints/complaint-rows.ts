import { CATEGORIES, CHANNELS } from '../../domain/complaints/complaint.js';
import type { Channel, ComplaintCategory } from '../../domain/complaints/complaint.js';
import { code, optionalChoice, optionalPhone, optionalText } from '../../domain/register/column.js';
import type { Column } from '../../domain/register/column.js';
import { parseInstant } from '../../domain/instants.js';

/** A complaint as it comes in, by API or file. Instants are epoch milliseconds. */
export interface NewComplaint {
  externalId: string;
  channel: Channel;
  category: ComplaintCategory | null;
  accountNo: string | null;
  callerPhone: string | null;
  address: string | null;
  text: string;
  receivedAt: number;
}

export const TEXT_LIMIT = 10_000;

const choiceOf = <const Value extends string>(values: readonly Value[]): Column<Value> => ({
  read: optionalChoice(values).read as Column<Value>['read'],
});

/** What the caller said: may have several lines. */
const story: Column<string> = {
  read: (cell) =>
    cell.length > TEXT_LIMIT
      ? { wrong: `has ${cell.length} characters, at most ${TEXT_LIMIT} are kept` }
      : { value: cell.replaceAll('\u0000', '') },
};

const receivedAt: Column<number> = {
  read: (cell) => {
    const value = /^\d{12,15}$/.test(cell) ? Number(cell) : parseInstant(cell);
    return value === null ? { wrong: 'is not an instant; write 2026-11-21T08:00:00+08:00' } : { value };
  },
};

/** Columns of an import; the key stands first. Names with underscores (`external_id`) are taken, too. */
export const COMPLAINT_COLUMNS = {
  externalId: code(),
  channel: choiceOf(CHANNELS),
  category: optionalChoice(CATEGORIES),
  accountNo: optionalText(64),
  callerPhone: optionalPhone(),
  address: optionalText(500),
  text: story,
  receivedAt,
};

export const REQUIRED_COLUMNS = ['externalId', 'channel', 'text', 'receivedAt'] as const;

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The names of a CSV's header or of an NDJSON's objects, with underscores taken out. */
export function withCamelCaseNames(body: string, format: 'csv' | 'ndjson'): string {
  if (format === 'csv') {
    const end = /\r?\n/.exec(body)?.index ?? body.length;
    return camelCase(body.slice(0, end)) + body.slice(end);
  }
  return body.replace(/([{,]\s*")([a-z]+(?:_[a-z]+)+)("\s*:)/g, (_, before: string, name: string, after: string) =>
    [before, camelCase(name), after].join(''),
  );
}
