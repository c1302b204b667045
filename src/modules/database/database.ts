import { Injectable } from '@nestjs/common';
import pg from 'pg';
import type { PoolClient } from 'pg';
import { Clock } from '../../clock.js';
import type { EpochMs } from '../../clock.js';

// One reading of the wire types, everywhere: bigint and numeric as numbers (ids and counts stay far below 2^53),
// timestamptz as epoch milliseconds.
const instant = (text: string): number =>
  text === 'infinity' ? Infinity : text === '-infinity' ? -Infinity : new Date(text.replace(' ', 'T')).getTime();
const { builtins } = pg.types;
pg.types.setTypeParser(builtins.INT8, Number);
pg.types.setTypeParser(builtins.NUMERIC, Number);
pg.types.setTypeParser(builtins.TIMESTAMPTZ, (text) => timestamptz(text));
pg.types.setTypeParser(1016 as never, (text: string) => text.slice(1, -1).split(',').filter(Boolean).map(Number)); // bigint[]

/** PostgreSQL prints `2026-11-21 11:18:17.25+00`; a bare hour offset needs its minutes before Date can read it. */
function timestamptz(text: string): number {
  return instant(/[+-]\d\d$/.test(text) ? `${text}:00` : text);
}

/** A parameter of type timestamptz. */
export const at = (epochMs: EpochMs): Date => new Date(epochMs);
export const atOrNull = (epochMs: EpochMs | null): Date | null => (epochMs === null ? null : new Date(epochMs));

/** What can run a query: a transaction, or the pool for a single read. */
export interface Queryable {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One open transaction with the one `now` that everything in it uses. Functions that take a Tx never begin their own. */
export interface Tx extends Queryable {
  readonly now: EpochMs;
  /** For COPY and other streams. */
  readonly client: PoolClient;
}

/** SQLSTATEs after which the same transaction may simply be tried again: serialisation failure, deadlock. */
const RETRYABLE = new Set(['40001', '40P01']);

/** SQLSTATE of a database error, or null when the error is of another kind (a broken socket, for example). */
export const sqlState = (error: unknown): string | null =>
  error instanceof pg.DatabaseError && typeof error.code === 'string' ? error.code : null;

/** True when the database itself refused the data (class 22 data exception, 23 integrity): retrying cannot help. */
export const isDataError = (error: unknown): boolean => /^(22|23)/.test(sqlState(error) ?? '');

/** The pool of connections and the way to transactions. */
@Injectable()
export class Database implements Queryable {
  constructor(
    readonly pool: pg.Pool,
    readonly clock: Clock,
  ) {}

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query<Row>(text, [...values]);
    return result.rows;
  }

  /**
   * Runs `work` in one transaction (read committed) and commits it; rolls back when it throws.
   * Deadlocks and serialisation failures are tried again, at most five times, so `work` must have no effects outside the transaction.
   */
  async inTx<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once('begin', work);
      } catch (error) {
        if (attempt >= 5 || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  }

  /**
   * Runs `work`, which only reads, on one state of the database: what its queries say adds up, whatever others commit meanwhile.
   * It needs no transaction number and takes no locks, so neither writers nor readers of the journal wait for it.
   */
  async snapshot<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.once('begin isolation level repeatable read, read only', work);
  }

  private async once<Result>(begin: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const tx: Tx = {
        now: this.clock.now(),
        client,
        query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(text, [...values])).rows,
      };
      const result = await work(tx);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Ends all connections; the database module calls it last at shutdown. */
  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** A pool whose idle connections may break without taking the process down; the next query reports the trouble. */
export function createPool(connectionString: string, maxConnections = 20): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    application_name: 'lamplighter',
  });
  // A connection that breaks while a transaction holds it, between two of its queries: the next query reports that, too.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => {
    // The connection is already discarded; whoever queries next meets the reason. Without a listener Node would exit.
  });
  return pool;
}
