import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';
import type { Outcome } from '../../src/domain/notices/delivery.js';
import { away, Gateway, lost, useNotices } from '../support/notices.js';

interface Step {
  does: 'lose' | 'restore' | 'goOn' | 'move' | 'merge' | 'wait';
  transformer: number;
  /** Of a move: into an outage that names the old one as its parent. */
  linked: boolean;
  /** The follower runs after the step. */
  tells: boolean;
  /** Then the sender runs, and the gateway answers this; null = it does not run. */
  answers: ('taken' | 'away' | 'lost')[] | null;
}

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('lose', 'lose', 'lose', 'restore', 'goOn', 'move', 'merge', 'wait'),
  transformer: fc.constantFrom(2, 3),
  linked: fc.boolean(),
  tells: fc.boolean(),
  answers: fc.option(fc.array(fc.constantFrom('taken', 'away', 'lost'), { maxLength: 4 })),
});

describe('invariant 8: once only', () => {
  const held = useNotices();
  const { clock, start, tell, entry, outage, restore, sender } = held;

  /** The city in which the steps happen: outages as the rules may group them, a gateway as moody as the test wants. */
  async function play(steps: readonly Step[]): Promise<string[]> {
    clock.set(start);
    await held.db.query('truncate journal, notice, outage, outage_transformer restart identity cascade');
    await held.db.query(`update customer set sms = true, mobile = '1380000000' || id`);
    const holds = new Map<number, number>(); // transformer -> its open outage
    const was = new Map<number, number>(); // transformer -> the outage that it was in last
    const told: string[] = [];
    const gateway = new Gateway('a');
    const send = async (answers: readonly string[]): Promise<void> => {
      let next = 0;
      gateway.answer = async ({ id }) => {
        const answer = answers[next] ?? 'taken';
        next += 1;
        if (answer === 'away') return away;
        told.push(`${id}`); // taken, also when the answer is lost on the way
        return answer === 'lost' ? lost : ({ result: 'accepted', reference: null } satisfies Outcome);
      };
      await sender(gateway).step();
    };
    const tellAll = async (): Promise<void> => {
      const rows = await held.db.query<{ id: number }>('select id from outage order by id');
      await tell(...rows.map(({ id }) => entry('outage_changed', id)));
    };
    const end = async (id: number): Promise<void> => {
      await held.db.query(
        `update outage set state = 'closed' where id = $1 and not exists (select 1 from outage_transformer where outage_id = $1 and ended_at is null)`,
        [id],
      );
    };
    const change = async ({
      does,
      transformer,
      linked,
    }: Pick<Step, 'does' | 'transformer' | 'linked'>): Promise<void> => {
      const id = holds.get(transformer);
      if (does === 'lose' && id === undefined) holds.set(transformer, await outage([transformer]));
      if (does === 'restore' && id !== undefined) {
        await restore(id, [transformer]);
        await end(id);
        was.set(transformer, id);
        holds.delete(transformer);
      }
      const last = was.get(transformer);
      if (does === 'goOn' && id === undefined && last !== undefined) {
        // Supply that was just back goes again: the outage goes on.
        const [row] = await held.db.query<{ into: number }>(
          `with recursive into_of(id) as (select $1::bigint union select merged_into_id from outage join into_of using (id) where merged_into_id is not null)
           update outage set state = 'confirmed' where id = (select max(id) from into_of join outage using (id) where merged_into_id is null) returning id as into`,
          [last],
        );
        await held.db.query(
          `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers) values ($1, $2, $3, 'power_off', 2)`,
          [row?.into, transformer, new Date(clock.now())],
        );
        holds.set(transformer, row?.into ?? 0);
      }
      if (does === 'move' && id !== undefined) {
        // Grouped anew: split off with a link, or by the rules without one; the interval keeps its start.
        const made = await outage([], linked ? { parent_id: id } : {});
        await held.db.query(
          'update outage_transformer set outage_id = $2 where outage_id = $1 and transformer_id = $3 and ended_at is null',
          [id, made, transformer],
        );
        await end(id);
        holds.set(transformer, made);
      }
      const [from, into] = [holds.get(2), holds.get(3)];
      if (does === 'merge' && from !== undefined && into !== undefined && from !== into) {
        await held.db.query('update outage_transformer set outage_id = $2 where outage_id = $1', [from, into]);
        await held.db.query(`update outage set merged_into_id = $2, state = 'discarded' where id = $1`, [from, into]);
        for (const [key, holder] of holds) if (holder === from) holds.set(key, into);
      }
    };
    for (const doing of steps) {
      clock.advance(3 * MINUTE_MS);
      await change(doing);
      if (doing.tells) await tellAll();
      if (doing.answers !== null) await send(doing.answers);
    }
    clock.advance(3 * MINUTE_MS);
    for (const key of [2, 3]) await change({ does: 'restore', transformer: key, linked: false });
    await tellAll();
    for (let round = 0; round < 6; round += 1) {
      await send([]);
      clock.advance(31 * MINUTE_MS);
    }
    const kinds = new Map(
      (
        await held.db.query<{ id: number; what: string }>(
          `select notice.id, account_no || ' ' || kind as what from notice join customer on customer.id = customer_id`,
        )
      ).map(({ id, what }) => [`${id}`, what]),
    );
    // A message that was taken twice has the same key: the gateway takes it once.
    return [...new Set(told)].map((id) => kinds.get(id) ?? '');
  }

  it('whoever was told "out" is told "restored", once, and nobody else, whatever happens in between', async () => {
    let messages = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const told = await play(steps);
        messages += told.length;
        for (const account of ['A1', 'A2', 'B1', 'B2']) {
          const kinds = told.filter((what) => what.startsWith(account)).map((what) => what.split(' ')[1]);
          // out, restored, out, restored...: no "restored" alone, no "out" twice, none left dark at the end
          expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'fault' : 'restored')));
          expect(kinds.length % 2).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
    expect(messages).toBeGreaterThan(50); // else the steps never reached anybody
  });
});
