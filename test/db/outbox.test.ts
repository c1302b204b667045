import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import type { Outcome } from '../../src/domain/notices/delivery.js';
import { away, Gateway, lost, useNotices } from '../support/notices.js';

describe('outbox of notices', () => {
  const held = useNotices();
  const { clock, tell, entry, outage, restore, sender, rows, journal } = held;

  const retryAfter = async (): Promise<number[]> =>
    (await held.db.query<{ at: number }>('select next_attempt_at as at from notice where id = 1')).map(
      (row) => row.at - clock.now(),
    );

  it('gives each message to one of several senders, once', async () => {
    await held.db.query(
      `insert into customer (account_no, transformer_id, mobile) select 'C' || n, 2, '139' || n from generate_series(1, 300) n`,
    );
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, 2, '-infinity' from customer where account_no like 'C%'`,
    );
    await tell(entry('outage_confirmed', await outage([2])));
    const gateway = new Gateway('a');
    const senders = [sender(gateway), sender(gateway), sender(gateway)];
    await Promise.all(
      senders.map(async (each) => {
        for (let step = 0; step < 8; step += 1) await each.step();
      }),
    );
    expect(gateway.sent).toHaveLength(301);
    expect(new Set(gateway.sent.map(({ id }) => id)).size).toBe(301);
  });

  it('waits longer after each failure, and after the last one a person phones', async () => {
    await tell(entry('outage_confirmed', await outage([2])));
    const gateway = new Gateway('a');
    gateway.answer = async () => away;
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await sender(gateway).step();
      const [pause = 0] = await retryAfter();
      pauses.push(pause);
      clock.advance(pause);
    }
    expect(pauses).toEqual([30_000, 120_000, 480_000, 0]);
    expect((await rows())[0]).toBe('fault A1 call_list queued');
    await sender(gateway).step();
    expect(gateway.sent).toHaveLength(4);
    expect((await journal())[1]).toEqual({
      type: 'notice_settled',
      kind: 'fault',
      customerId: 1,
      state: 'call_list',
      provider: 'a',
    });
  });

  it('turns to the second provider when the first took nothing', async () => {
    await tell(entry('outage_confirmed', await outage([2])));
    const [first, second] = [new Gateway('a'), new Gateway('b')];
    first.answer = async () => away;
    await sender(first, second).step();
    expect([first.sent.length, second.sent.length]).toEqual([1, 1]);
    expect(await held.db.query('select provider, state from notice where id = 1')).toEqual([
      { provider: 'b', state: 'accepted' },
    ]);
  });

  it('stays with the provider that may have taken the message, and tells "restored" after it', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    const [first, second] = [new Gateway('a'), new Gateway('b')];
    first.answer = async () => lost;
    await sender(first, second).step();
    first.answer = async () => away;
    clock.advance(30_000);
    await sender(first, second).step();
    expect([first.sent.length, second.sent.length]).toEqual([2, 0]);
    await restore(id, [2], 'restored');
    await tell(entry('outage_restored', id));
    expect(await rows()).toEqual(['fault A1 sms cancelled', 'fault A2 call_list cancelled', 'restored A1 sms queued']);
  });

  it('does not try a message again whose sender died when the provider could double it', async () => {
    await tell(entry('outage_confirmed', await outage([2])));
    const [dying, careless] = [new Gateway('a', false), new Gateway('a', false)];
    dying.answer = () => new Promise(() => undefined);
    void sender(dying).step();
    while (dying.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    await sender(careless).step(); // it may still be alive
    expect((await rows())[0]).toBe('fault A1 sms sending');
    clock.advance(6 * MINUTE_MS);
    await sender(careless).step();
    expect(careless.sent).toEqual([]);
    expect((await rows())[0]).toBe('fault A1 sms unknown');
    expect((await journal())[1]).toMatchObject({ type: 'notice_settled', state: 'unknown' });
  });

  it('tries it again when the provider knows its keys', async () => {
    await tell(entry('outage_confirmed', await outage([2])));
    const [dying, careful] = [new Gateway('a'), new Gateway('a')];
    dying.answer = () => new Promise(() => undefined);
    void sender(dying).step();
    while (dying.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    clock.advance(6 * MINUTE_MS);
    await sender(careful).step();
    expect(careful.sent.map(({ id }) => id)).toEqual(dying.sent.map(({ id }) => id));
    expect((await rows())[0]).toBe('fault A1 sms accepted');
  });

  it('does not send "out" after "restored" when its first attempt failed late', async () => {
    const id = await outage([2]);
    await tell(entry('outage_confirmed', id));
    const gateway = new Gateway('a');
    let answer: (outcome: Outcome) => void = () => undefined;
    gateway.answer = () => new Promise((done) => (answer = done));
    const step = sender(gateway).step();
    while (gateway.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    await restore(id, [2], 'restored');
    await tell(entry('outage_restored', id));
    answer(away);
    await step;
    expect(await rows()).toEqual(['fault A1 sms cancelled', 'fault A2 call_list cancelled', 'restored A1 sms queued']);
  });
});
