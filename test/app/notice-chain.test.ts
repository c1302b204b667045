import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';

interface Notice {
  kind: string;
  accountNo: string;
  state: string;
  text: string;
}

/** From a terminal's message to the customer's SMS, through every part of the service. */
describe('from a dead transformer to the SMS', () => {
  const clock = new TestClock();
  const start = clock.now();
  const held = useService({ clock, env: { LOG_LEVEL: 'silent' } });
  let terminals: MqttClient;
  let seq = 0;

  const publish = async (terminal: string, ts: number, volts: number): Promise<void> => {
    seq += 1;
    const reading = { ts, sid: 1, seq, ua: volts, ub: volts, uc: volts };
    await terminals.publishAsync(`dt/v1/s1/${terminal}/up/meas`, JSON.stringify(reading), { qos: 1 });
  };
  const notices = async (accountNo: string): Promise<string[]> => {
    const answer = await held.service.call<{ items: Notice[] }>('GET', `/notices?accountNo=${accountNo}`);
    return answer.body.items.map(({ kind, state }) => `${kind} ${state}`).toReversed();
  };

  beforeAll(async () => {
    const { service } = held;
    const importing = async (what: string, csv: string): Promise<void> => {
      expect(await service.call('POST', `/network/${what}`, csv)).toMatchObject({
        status: 200,
        body: { rejected: [] },
      });
    };
    await importing(
      'assets',
      'code,kind,parent_code,name\nS1,substation,,东站\nF1,feeder,S1,城东线\nT1,transformer,F1,一号台区\nT2,transformer,F1,二号台区\n',
    );
    await importing('terminals', 'terminal,transformer_code,interval_seconds\nM1,T1,60\nM2,T2,60\n');
    await importing(
      'customers',
      'account_no,transformer_code,mobile,sms,language\nA1,T1,13800000001,yes,zh-CN\nA2,T1,13800000002,no,zh-CN\nB1,T2,13800000003,yes,en\n',
    );
    terminals = await connectAsync(`mqtt://127.0.0.1:${service.mqttPort}`, { clientId: 'terminals' });
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
  });
  afterAll(async () => {
    await terminals.endAsync();
  });

  it('tells the fault, the eighth hour and the restoration, each once, and only to those concerned', async () => {
    await publish('M1', start, 221);
    await publish('M2', start, 221);
    await held.service.goTo(start + MINUTE_MS);
    await publish('M1', start + MINUTE_MS, 0);
    for (let minute = 2; minute <= 6; minute += 1) {
      await held.service.goTo(start + minute * MINUTE_MS);
      await publish('M1', start + minute * MINUTE_MS, 0);
      await publish('M2', start + minute * MINUTE_MS, 221);
    }
    await eventually(async () => (await notices('A1')).join() === 'fault accepted');
    expect(await notices('A2')).toEqual(['fault queued']); // to be phoned
    expect(await notices('B1')).toEqual([]);

    await held.service.goTo(start + MINUTE_MS + 8 * HOUR_MS + 1_000);
    await publish('M1', clock.now(), 0);
    await eventually(async () => (await notices('A1')).join() === 'fault accepted,over_8h accepted');

    await held.service.goTo(clock.now() + 10 * MINUTE_MS);
    await publish('M1', clock.now(), 221);
    await held.service.goTo(clock.now() + MINUTE_MS);
    await publish('M1', clock.now(), 221);
    await eventually(async () => (await notices('A1')).join() === 'fault accepted,over_8h accepted,restored accepted');
    expect(await notices('A2')).toEqual(['fault cancelled', 'over_8h cancelled']);
    expect(await notices('B1')).toEqual([]);
    const [, over, restored] = (
      await held.service.call<{ items: Notice[] }>('GET', '/notices?accountNo=A1')
    ).body.items.toReversed();
    expect(over?.text).toContain('停电已超过8小时');
    expect(restored?.text).toContain('已于7月15日18:11恢复供电');
  });
});
