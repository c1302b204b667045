import { writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/database.js';
import { haveMosquitto, startMosquitto } from '../support/mosquitto.js';
import type { Mosquitto } from '../support/mosquitto.js';
import { RemoteTerminal } from '../support/remote-terminal.js';
import type { Habit } from '../support/remote-terminal.js';
import { eventually, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Order {
  id: number;
  state: string;
  restoredAt: string | null;
  fieldSince: string | null;
  remoteUntil: string | null;
  legs: { leg: string; quality: string; source: string }[];
  forecast: { expectedAt: string | null } | null;
  code: string;
  errors: { path: string; message: string }[];
}

const POLICY = join(mkdtempSync(join(tmpdir(), 'lamplighter-policy-')), 'policy.yaml');

const HABITS: ReadonlyMap<string, Habit> = new Map([
  ['DOUBLE', { answers: 2 }],
  ['LOSES', { loses: 2 }],
  ['LATE', { holds: true }],
  ['REFUSES', { refuses: 'relay stuck' }],
  ['VAGUE', { vague: true }],
  ['ANNOUNCES', { announces: true, holds: true }],
  ['CREW', { loses: 99 }],
  ['BOUNCED', { loses: 99 }],
]);
const ACCOUNTS = ['PLAIN', ...HABITS.keys(), 'AGREED', 'FACTORY', 'FACTORY2', 'NOSWITCH', 'NOTERMINAL', 'CRASH'];

/** One service, or two on one database, and one terminal that serves every account here. */
function stage(broker: 'embedded' | 'mosquitto') {
  const clock = new TestClock(START);
  const held: { service?: TestService; second?: TestService; terminal?: RemoteTerminal; mosquitto?: Mosquitto } = {};
  const service = (): TestService => {
    if (held.service === undefined) throw new Error('started in beforeAll');
    return held.service;
  };
  const terminal = (): RemoteTerminal => {
    if (held.terminal === undefined) throw new Error('started in beforeAll');
    return held.terminal;
  };
  beforeAll(async () => {
    await writeFile(
      POLICY,
      "extends: csg\nprofile: remote\nremoteReconnection:\n  enabled: { value: true, source: 'test' }\n",
    );
    if (broker === 'mosquitto') held.mosquitto = await startMosquitto();
    const env = { POLICY_FILE: POLICY, ...(held.mosquitto === undefined ? {} : { MQTT_URL: held.mosquitto.url }) };
    held.service = await startTestService({ clock, env });
    const url = held.mosquitto?.url ?? `mqtt://127.0.0.1:${held.service.mqttPort}`;
    if (held.mosquitto !== undefined) {
      held.second = await startTestService({
        clock,
        env: {
          ...env,
          DATABASE_URL: held.service.db.pool.options.connectionString ?? '',
          MQTT_CLIENT_ID: 'lamplighter-1',
          MQTT_SHARDS: 'other',
        },
      });
    }
    await held.service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,area\nS,substation,,\nF,feeder,S,\nT,transformer,F,north\nN,transformer,F,north',
    );
    await held.service.call('POST', '/network/terminals', 'terminal,transformer_code\nT1,T');
    const rows = ACCOUNTS.map((account) => {
      const category = account.startsWith('FACTORY') || account === 'AGREED' ? 'industrial' : 'residential';
      return `${account},${account === 'NOTERMINAL' ? 'N' : 'T'},${account === 'NOSWITCH' ? 'no' : 'yes'},${category}`;
    });
    await held.service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code,remote_switch,category\n${rows.join('\n')}`,
    );
    await held.service.db.query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
       select 'D-' || account_no, id, 'arrears', $1, $1, $1 from customer`,
      [new Date(START - HOUR)],
    );
    // Two replicas, where there are two, work on one database.
    for (const { db } of [held.service, held.second ?? held.service])
      expect(await db.query('select 1 from disconnection')).toHaveLength(ACCOUNTS.length);
    held.terminal = await RemoteTerminal.connect(url, 'T1', HABITS, () => clock.now());
    await eventually(async () => {
      const [row] = await service().db.query<{ shard: string | null }>(`select shard from terminal where code = 'T1'`);
      return row?.shard;
    });
  });
  afterAll(async () => {
    await held.terminal?.end();
    await held.second?.stop();
    await held.service?.stop();
    await held.mosquitto?.stop();
  });

  const post = (path: string, body: object) => service().call<Order>('POST', path, body);
  const orderOf = async (account: string): Promise<Order> => {
    const { body } = await service().call<{ items: (Order & { accountNo: string })[] }>(
      'GET',
      '/reconnection-orders?limit=500',
    );
    const order = body.items.find(({ accountNo }) => accountNo === account);
    if (order === undefined) throw new Error(`no order of ${account}`);
    return order;
  };
  return {
    clock,
    service,
    terminal,
    post,
    orderOf,
    pay: async (account: string): Promise<Order> => {
      const paidAt = clock.now();
      const { body, status } = await service().call<{ reconnectionOrder: Order }>('POST', '/payments', {
        externalId: `P-${account}`,
        accountNo: account,
        paidAt,
        amount: 10,
        settled: true,
      });
      expect(status).toBe(200);
      return body.reconnectionOrder;
    },
    /** The steps of a try, in order, as the journal has them. */
    steps: async (account: string): Promise<string[]> => {
      const rows = await service().db.query<{ step: string }>(
        `select j.data ->> 'step' as step from journal j join customer c on c.id = (j.data ->> 'customerId')::int
         where j.type = 'remote_reconnection' and c.account_no = $1 order by j.id`,
        [account],
      );
      return rows.map(({ step }) => step);
    },
    heard: (account: string) => terminal().heard.filter(({ accountNo }) => accountNo === account),
  };
}

describe.each<'embedded' | 'mosquitto'>(haveMosquitto ? ['embedded', 'mosquitto'] : ['embedded'])(
  'closing a switch from afar, with the %s broker',
  (broker) => {
    const { clock, service, terminal, post, orderOf, pay, steps, heard } = stage(broker);
    const until = (account: string, state: string): Promise<Order> =>
      eventually(async () => {
        const order = await orderOf(account);
        return order.state === state ? order : null;
      });

    it('a paid customer is on again by one command and its answer; every step is in the journal', async () => {
      const ordered = await pay('PLAIN');
      expect(ordered).toMatchObject({ fieldSince: null, remoteUntil: '2026-07-15T10:15:00+08:00' });
      expect(ordered.forecast?.expectedAt).toBe('2026-07-15T10:15:00+08:00');
      const met = await until('PLAIN', 'met');
      expect(met.legs.map(({ leg, quality }) => `${leg} ${quality}`)).toEqual(
        expect.arrayContaining(['paid booked', 'command_sent recorded', 'switch_closed measured']),
      );
      expect(await steps('PLAIN')).toEqual(['requested', 'sent', 'succeeded']);
      expect(heard('PLAIN')).toEqual([
        { rid: expect.any(String), kind: 'reconnect', accountNo: 'PLAIN', expiresAt: START + 15 * MINUTE },
      ]);
    });

    it('answers that come twice count once', async () => {
      await pay('DOUBLE');
      await until('DOUBLE', 'met');
      expect(await steps('DOUBLE')).toEqual(['requested', 'sent', 'succeeded']);
    });

    it('a command that the service forgot to have sent is sent again under its rid, and the switch closes once', async () => {
      await pay('CRASH');
      await until('CRASH', 'met');
      // What a crash between the broker's receipt and the commit leaves behind.
      const { db } = service();
      const [{ rid } = { rid: '' }] = heard('CRASH');
      await db.query(
        'update terminal_command set sent_at = null, answered_at = null, answer = null, expires_at = $2 where rid = $1',
        [rid, new Date(clock.now() + MINUTE)],
      );
      await eventually(async () => heard('CRASH').length > 1);
      await eventually(async () => {
        const [row] = await db.query('select 1 from terminal_command where rid = $1 and answered_at is not null', [
          rid,
        ]);
        return row;
      });
      expect(new Set(heard('CRASH').map((one) => one.rid)).size).toBe(1);
      expect(terminal().closings.get('CRASH')).toBe(1);
      expect(await steps('CRASH')).toEqual(['requested', 'sent', 'succeeded']);
    });

    it('a terminal that refuses: a crew is needed at once', async () => {
      await pay('REFUSES');
      const order = await eventually(async () => {
        const one = await orderOf('REFUSES');
        return one.fieldSince === null ? null : one;
      });
      expect(order).toMatchObject({ state: 'open', remoteUntil: null });
      expect(await steps('REFUSES')).toEqual(['requested', 'sent', 'refused', 'field_order']);
    });

    it('without a remote switch, or a terminal, a crew is needed from the beginning', async () => {
      expect(await pay('NOSWITCH')).toMatchObject({ fieldSince: '2026-07-15T10:00:00+08:00', remoteUntil: null });
      expect(await pay('NOTERMINAL')).toMatchObject({ fieldSince: '2026-07-15T10:00:00+08:00' });
      expect([await steps('NOSWITCH'), await steps('NOTERMINAL')]).toEqual([[], ['field_order']]);
      const refused = await post(`/reconnection-orders/${(await orderOf('NOSWITCH')).id}/remote`, {});
      expect([refused.status, refused.body.code]).toEqual([409, 'remote_reconnection_not_allowed']);
      expect(refused.body.errors.map(({ message }) => message)).toEqual([expect.stringContaining('该户无远程开关')]);
    });

    it('a factory is asked first: nothing is sent until it says that it is safe', async () => {
      const order = await pay('FACTORY');
      const directly = await post(`/reconnection-orders/${order.id}/remote`, {});
      expect(directly.body.errors.map(({ path }) => path)).toEqual(['path.id:under_way', 'path.id:not_acknowledged']);
      await new Promise((done) => setTimeout(done, 300));
      expect(heard('FACTORY')).toEqual([]);
      const said = { at: START, by: '值班电工王某', note: '已确认无人作业' };
      await post(`/reconnection-orders/${order.id}/acknowledged`, said);
      await post(`/reconnection-orders/${order.id}/acknowledged`, said);
      await until('FACTORY', 'met');
      expect(await steps('FACTORY')).toEqual(['waiting_for_acknowledgement', 'requested', 'sent', 'succeeded']);
    });

    it('a factory that agreed to be switched on directly is not asked', async () => {
      await post('/direct-reconnections', { accountNo: 'AGREED', agreed: true, reason: '供用电合同附件' });
      await pay('AGREED');
      await until('AGREED', 'met');
      expect(await steps('AGREED')).toEqual(['requested', 'sent', 'succeeded']);
    });

    it("what is not needed any more is called off: by the crew's word, and by a reversed payment", async () => {
      await pay('CREW');
      await pay('BOUNCED');
      await eventually(async () => heard('CREW').length > 0 && heard('BOUNCED').length > 0);
      await eventually(async () => (await steps('CREW')).includes('sent') && (await steps('BOUNCED')).includes('sent'));
      await post('/reconnections', { accountNo: 'CREW', reconnectedAt: START, by: '一班' });
      await post('/payments/P-BOUNCED/reverse', { at: START, reason: '退票' });
      expect(await steps('CREW')).toEqual(['requested', 'sent', 'cancelled']);
      expect(await steps('BOUNCED')).toEqual(['requested', 'sent', 'cancelled']);
      expect((await orderOf('BOUNCED')).state).toBe('cancelled');
    });

    it('a terminal that says at once that it will, and later that the switch is closed, has confirmed it', async () => {
      await pay('ANNOUNCES');
      await eventually(async () => (await steps('ANNOUNCES')).includes('answer_without_state'));
      expect((await orderOf('ANNOUNCES')).state).toBe('open');
      await terminal().answerHeld();
      await until('ANNOUNCES', 'met');
      expect(await steps('ANNOUNCES')).toEqual(['requested', 'sent', 'answer_without_state', 'succeeded']);
    });

    it('commands that get lost are sent again with the same rid, and the switch closes once', async () => {
      await pay('LOSES');
      await pay('LATE');
      await pay('VAGUE');
      await pay('FACTORY2');
      await eventually(async () => (await steps('LOSES')).includes('sent') && (await steps('LATE')).includes('sent'));
      await service().goTo(clock.now() + MINUTE);
      await eventually(async () => heard('LOSES').length === 2);
      await eventually(async () => (await steps('LOSES')).includes('resent'));
      await service().goTo(clock.now() + 2 * MINUTE);
      const met = await until('LOSES', 'met');
      expect(met.restoredAt).toBe('2026-07-15T10:03:00+08:00');
      expect(await steps('LOSES')).toEqual(['requested', 'sent', 'resent', 'resent', 'succeeded']);
      expect(new Set(heard('LOSES').map(({ rid }) => rid)).size).toBe(1);
      expect(terminal().closings.get('LOSES')).toBe(1);
    });

    it('an answer that does not name the switch confirms nothing', async () => {
      expect((await orderOf('VAGUE')).state).toBe('open');
      await eventually(async () => (await steps('VAGUE')).includes('answer_without_state'));
      await eventually(async () => heard('VAGUE').length > 1); // so it is asked again
      expect((await steps('VAGUE')).filter((step) => step === 'answer_without_state')).toHaveLength(1);
    });

    it('after a quarter of an hour a crew goes; the command has expired, and a late answer is written down', async () => {
      await service().goTo(START + 15 * MINUTE);
      await eventually(async () => (await orderOf('LATE')).fieldSince !== null);
      expect((await steps('LATE')).slice(-2)).toEqual(['timed_out', 'field_order']);
      expect((await steps('VAGUE')).slice(-2)).toEqual(['timed_out', 'field_order']);
      const sent = heard('LATE').length;
      await service().goTo(clock.now() + 10 * MINUTE);
      await new Promise((done) => setTimeout(done, 700));
      expect(heard('LATE')).toHaveLength(sent);
      await terminal().answerHeld();
      const met = await until('LATE', 'met');
      expect(met.restoredAt).not.toBeNull();
      expect((await steps('LATE')).filter((step) => step === 'late_answer')).toHaveLength(1);
      expect(terminal().closings.get('LATE')).toBe(1);
    });

    it('a factory that nobody reached within half an hour gets a crew, and no command ever', async () => {
      await service().goTo(START + 34 * MINUTE);
      await eventually(async () => (await orderOf('FACTORY2')).fieldSince !== null);
      expect(await steps('FACTORY2')).toEqual(['waiting_for_acknowledgement', 'timed_out', 'field_order']);
      expect(heard('FACTORY2')).toEqual([]);
    });

    it('a person may try again after the first try has ended, with a new rid', async () => {
      const { id } = await orderOf('VAGUE');
      const [again, twice] = await Promise.all([1, 2].map(() => post(`/reconnection-orders/${id}/remote`, {})));
      expect(new Set([again?.status, twice?.status])).toEqual(new Set([200, 409]));
      await eventually(async () => new Set(heard('VAGUE').map(({ rid }) => rid)).size === 2);
    });
  },
);
