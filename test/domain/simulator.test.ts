import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildCity } from '../../src/simulator/build-city.js';
import { cityFiles } from '../../src/simulator/city-csv.js';
import { customerAt } from '../../src/simulator/city.js';
import { cityFromFiles } from '../../src/simulator/city-from-csv.js';
import { addDemoStory } from '../../src/simulator/demo-scenario.js';
import type { OutageIncident, Part, SilenceIncident } from '../../src/simulator/incident.js';
import { addChanceEvents, addStorm, HOUR_MS } from '../../src/simulator/scenario.js';
import type { ScenarioName } from '../../src/simulator/scenario.js';
import { births, cityAt, messagesBetween, readingAt } from '../../src/simulator/telemetry.js';
import type { SimMessage, SimReading } from '../../src/simulator/telemetry.js';
import { Timeline } from '../../src/simulator/timeline.js';
import { truthOf, voltageRuns } from '../../src/simulator/truth.js';

const FROM = Date.parse('2026-07-15T09:00:00+08:00');
const TO = FROM + HOUR_MS / 2;
const MINUTE_MS = 60_000;

function play(seed: number, scenario: ScenarioName): { timeline: Timeline; messages: SimMessage[] } {
  const timeline = new Timeline(buildCity('small', seed), FROM - HOUR_MS);
  addChanceEvents(timeline, scenario, seed, FROM, TO);
  const messages: SimMessage[] = [];
  for (let at = FROM; at < TO; at += MINUTE_MS) messages.push(...messagesBetween(timeline, at, at + MINUTE_MS));
  return { timeline, messages };
}

const partsOf = (timeline: Timeline, kind: 'outage' | 'silence'): Part[] =>
  timeline.incidents
    .filter((incident): incident is OutageIncident | SilenceIncident => incident.kind === kind)
    .flatMap((incident) => [...incident.parts]);

const readingsOf = (
  messages: readonly SimMessage[],
): { transformer: number; at: number; reading: SimReading; channel: string }[] =>
  messages
    .filter(({ channel }) => channel === 'meas' || channel === 'backfill')
    .flatMap(({ transformer, at, body, channel }) =>
      (Array.isArray(body) ? (body as SimReading[]) : [body as SimReading]).map((reading) => ({
        transformer,
        at,
        reading,
        channel,
      })),
    );

const seeds = fc.integer({ min: 1, max: 100_000 });
const few = { numRuns: 2 };

describe('the simulated city', () => {
  test('is the same for the same seed and another for another', () => {
    expect(cityFiles(buildCity('small', 7))).toEqual(cityFiles(buildCity('small', 7)));
    expect(cityFiles(buildCity('small', 7)).customers).not.toBe(cityFiles(buildCity('small', 8)).customers);
  });

  test('small has 200 transformers on 8 feeders and about 6,000 customers, each in the files once', () => {
    const city = buildCity('small', 3);
    const files = cityFiles(city);
    expect(city.transformers).toHaveLength(200);
    expect(city.assets.filter((asset) => asset.kind === 'feeder')).toHaveLength(8);
    expect(city.customers.length).toBeGreaterThan(5_000);
    expect(city.customers.length).toBeLessThan(7_000);
    expect(files.customers.trimEnd().split('\n')).toHaveLength(city.customers.length + 1);
    expect(new Set(city.customers.map((customer) => customer.accountNo)).size).toBe(city.customers.length);
    expect(new Set(city.transformers.map((transformer) => transformer.terminal)).size).toBe(200);
  });

  test('medium has 5,000 transformers, all with customers', () => {
    const city = buildCity('medium', 1);
    expect(city.transformers).toHaveLength(5_000);
    expect(city.transformers.filter((transformer) => transformer.customers.length === 0)).toEqual([]);
  });

  test('read back from its import files it has the same transformers below every asset', () => {
    const city = buildCity('small', 5);
    const again = cityFromFiles(cityFiles(city), 5, 'sim');
    expect([...again.below]).toEqual([...city.below]);
    expect(again.customers.map((customer) => customer.transformer)).toEqual(
      city.customers.map((customer) => customer.transformer),
    );
  });

  test('without faults every phase stays inside the assessment band all day', () => {
    const timeline = new Timeline(buildCity('small', 11), FROM - HOUR_MS);
    const outside: number[] = [];
    for (let t = FROM; t < FROM + 24 * HOUR_MS; t += 30 * MINUTE_MS) {
      for (const { volts, supply } of cityAt(timeline, t)) {
        if (supply !== 'live') outside.push(0);
        outside.push(...volts.filter((v) => v <= 185 || v >= 245));
      }
    }
    expect(outside).toEqual([]);
  });

  test('overloaded transformers sink below 198 V at the evening peak only', () => {
    const timeline = new Timeline(buildCity('small', 2026), FROM - HOUR_MS);
    const low = (from: string): number =>
      voltageRuns(timeline, Date.parse(from), Date.parse(from) + 2 * MINUTE_MS).filter(
        (run) => run.record === 'voltage_run' && run.side === 'low',
      ).length;
    expect(low('2026-07-15T19:00:00+08:00')).toBeGreaterThan(0);
    expect(low('2026-07-15T03:00:00+08:00')).toBe(0);
  });
});

describe('what the terminals send', () => {
  test('is a function of the seed and the instants', () => {
    expect(play(42, 'busy').messages).toEqual(play(42, 'busy').messages);
  });

  test('names whole milliseconds only: the interface refuses fractions', () => {
    const timeline = new Timeline(buildCity('small', 4), FROM - HOUR_MS);
    addChanceEvents(timeline, 'busy', 4, FROM, TO);
    addStorm(timeline, FROM + 0.25, 4);
    const bodies = messagesBetween(timeline, FROM, FROM + HOUR_MS).flatMap(
      ({ body }) => body as { ts: number } | { ts: number }[],
    );
    expect(bodies.filter(({ ts }) => !Number.isInteger(ts))).toEqual([]);
    const instants = timeline
      .callsBetween(-Infinity, Infinity)
      .flatMap((call) => Object.entries(call.body).filter(([name]) => /(At|^at)$/.test(name)));
    expect(instants.filter(([, value]) => !Number.isInteger(value))).toEqual([]);
  });

  test('tell of the switch of a customer that was reconnected, once, from the terminal it hangs on', () => {
    const timeline = new Timeline(buildCity('small', 9), FROM - HOUR_MS);
    const cut = FROM - 20 * HOUR_MS;
    const past = {
      amount: 80,
      dueOn: '2026-05-01',
      dunnedAt: cut,
      noticeServedAt: cut,
      finalNoticeAt: cut,
      cutAt: cut,
      paidAt: FROM,
    };
    timeline.addCase({ ...past, externalId: 'BACK', customer: 3, reconnectedAt: FROM + MINUTE_MS });
    timeline.addCase({ ...past, externalId: 'STILL-CUT', customer: 4, reconnectedAt: null });
    const told = messagesBetween(timeline, FROM, TO).filter(
      ({ body }) => (body as { type?: string }).type === 'switch_closed',
    );
    const { accountNo, transformer } = customerAt(timeline.city, 3);
    const body = { ts: FROM + MINUTE_MS, type: 'switch_closed', accountNo, eid: 'switch-BACK' };
    expect(told).toEqual([{ at: FROM + MINUTE_MS + 20_000, transformer, channel: 'event', retain: false, body }]);
  });

  test('does not depend on how the time is cut', () => {
    const { timeline, messages } = play(9, 'busy');
    const fine: SimMessage[] = [];
    for (let at = FROM; at < TO; at += 7_000) fine.push(...messagesBetween(timeline, at, Math.min(at + 7_000, TO)));
    const key = (message: SimMessage): string =>
      `${message.at} ${message.transformer} ${message.channel} ${JSON.stringify(message.body)}`;
    expect(fine.map(key).sort()).toEqual(messages.map(key).sort());
  });

  test('no reading is taken without supply, and none arrives before it was taken', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { timeline, messages } = play(seed, 'busy');
        const wrong = readingsOf(messages).filter(({ transformer, at, reading }) => {
          const fast = reading.tq === 1; // a clock that is ahead
          return !fast && (at < reading.ts || timeline.downAt(transformer, reading.ts) !== null);
        });
        expect(wrong).toEqual([]);
      }),
      few,
    );
  });

  test('every reading of a powered terminal comes exactly once, but for a few lost and a few doubled ones', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { timeline, messages } = play(seed, 'busy');
        const counts = new Map<string, number>();
        for (const { transformer, reading } of readingsOf(messages)) {
          const id = `${transformer}/${reading.sid}/${reading.seq}`;
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        let missing = 0;
        let doubled = 0;
        let expected = 0;
        for (const transformer of timeline.city.transformers) {
          for (let ts = FROM; ts < TO - 12 * MINUTE_MS; ts += MINUTE_MS) {
            const reading = readingAt(timeline, transformer, ts);
            if (reading === null || timeline.downAt(transformer.index, ts + transformer.sendDelayMs) !== null) continue;
            if (timeline.silentAt(transformer.index, ts) !== null) continue; // may still be waiting for the network at the end
            expected += 1;
            const count = counts.get(`${transformer.index}/${reading.sid}/${reading.seq}`) ?? 0;
            if (count === 0) missing += 1;
            if (count > 1) doubled += 1;
          }
        }
        expect(missing).toBeLessThan(expected * 0.002);
        expect(doubled).toBeLessThan(expected * 0.004);
      }),
      few,
    );
  });

  test('after a lost communication the kept readings come as backfill of at most 60, none missing, none twice', () => {
    const timeline = new Timeline(buildCity('small', 1), FROM - HOUR_MS);
    const to = FROM + 95 * MINUTE_MS;
    timeline.add({
      kind: 'silence',
      id: 'S',
      reach: 'terminal',
      parts: [{ transformer: 17, from: FROM + 5 * MINUTE_MS, to }],
    });
    const messages = messagesBetween(timeline, FROM, FROM + 3 * HOUR_MS).filter(
      (message) => message.transformer === 17,
    );
    const late = messages.filter((message) => message.channel === 'backfill');
    expect(late.map((message) => (message.body as SimReading[]).length).every((length) => length <= 60)).toBe(true);
    for (const message of late) {
      expect(message.at).toBeGreaterThan(to);
      expect(JSON.stringify(message.body).length).toBeLessThanOrEqual(16_384);
    }
    const seen = readingsOf(messages)
      .map(({ reading }) => reading.ts)
      .sort((a, b) => a - b);
    const unique = new Set(seen);
    expect(unique.size).toBeGreaterThanOrEqual(179);
    expect(seen.length - unique.size).toBeLessThanOrEqual(2); // the broker may double one
    expect(
      messages
        .filter((message) => message.channel === 'state')
        .map((message) => (message.body as { state: string }).state),
    ).toEqual(['offline', 'online']);
  });

  test('an outage makes last gasps (some lost), wills, and on return the next boot with its own record of the outage', () => {
    const timeline = new Timeline(buildCity('small', 1), FROM - HOUR_MS);
    const below = timeline.city.below.get('F002') ?? [];
    const from = FROM + 10 * MINUTE_MS + 30_000;
    const parts = below.map((transformer) => ({ transformer, from, to: from + 20 * MINUTE_MS }));
    timeline.add({
      kind: 'outage',
      id: 'O',
      nature: 'fault',
      cause: 'x',
      rootCode: 'F002',
      plannedExternalId: null,
      parts,
    });
    const messages = messagesBetween(timeline, FROM, FROM + HOUR_MS).filter((message) =>
      below.includes(message.transformer),
    );
    const gasps = messages.filter((message) => message.channel === 'event' && !Array.isArray(message.body));
    const heard = new Set(gasps.map((message) => message.transformer));
    expect(heard.size).toBeGreaterThan(below.length / 2);
    expect(heard.size).toBeLessThan(below.length + 1);
    for (const message of gasps) expect(message.body).toMatchObject({ ts: from, type: 'power_off' });
    const returns = messages.filter((message) => message.channel === 'event' && Array.isArray(message.body));
    expect(returns).toHaveLength(below.length);
    expect(returns[0]?.body).toMatchObject([
      { type: 'power_off', ts: from },
      { type: 'power_on', ts: from + 20 * MINUTE_MS },
    ]);
    const after = readingsOf(messages).filter(({ reading }) => reading.ts > from + 20 * MINUTE_MS);
    expect(new Set(after.map(({ reading }) => reading.sid))).toEqual(new Set([2]));
    expect(births(timeline, FROM)).toHaveLength(200);
  });
});

describe('the ground truth', () => {
  test('agrees with the telemetry: dead when the truth says dead, wrong volts where it says wrong', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { timeline, messages } = play(seed, 'busy');
        const down = new Map<string, { startedAt: number; endedAt: number }[]>();
        for (const record of truthOf(timeline)) {
          if (record.record !== 'outage') continue;
          for (const part of record.transformers) down.set(part.code, [...(down.get(part.code) ?? []), part]);
        }
        const lowRuns = new Map<string, { startedAt: number; endedAt: number }[]>();
        for (const run of voltageRuns(timeline, FROM, TO)) {
          if (run.record !== 'voltage_run' || run.side !== 'low') continue;
          const key = `${run.transformer}/${run.phase}`;
          lowRuns.set(key, [...(lowRuns.get(key) ?? []), run]);
        }
        const disagreements = readingsOf(messages).filter(({ transformer, reading }) => {
          if (reading.tq !== 0) return false;
          const code = timeline.city.transformers[transformer]?.code ?? '';
          const within = (part: { startedAt: number; endedAt: number }): boolean =>
            part.startedAt <= reading.ts && reading.ts <= part.endedAt;
          if (down.get(code)?.some((part) => within(part) && reading.ts < part.endedAt) === true) return true;
          const { ua = 220 } = reading;
          if (ua >= 196 || ua <= 134) return false;
          return !(lowRuns.get(`${code}/A`) ?? []).some(within);
        });
        expect(disagreements).toEqual([]);
      }),
      few,
    );
  });

  test('nothing else happens to a transformer that is out or silent', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { timeline } = play(seed, 'busy');
        const parts = [...partsOf(timeline, 'outage'), ...partsOf(timeline, 'silence')].sort(
          (a, b) => a.transformer - b.transformer || a.from - b.from,
        );
        const overlapping = parts.filter(
          (part, n) => parts[n + 1]?.transformer === part.transformer && (parts[n + 1]?.from ?? part.to) < part.to,
        );
        expect(overlapping).toEqual([]);
      }),
      few,
    );
  });

  test('every complaint names a cause that is in the truth, or none', () => {
    const { timeline } = play(12, 'busy');
    const records = truthOf(timeline);
    const ids = new Set(
      records.flatMap((record) => ('id' in record ? [record.id] : 'externalId' in record ? [record.externalId] : [])),
    );
    const complaints = records.filter((record) => record.record === 'complaint');
    expect(complaints.length).toBeGreaterThan(20);
    expect(complaints.some((complaint) => complaint.cause === null)).toBe(true);
    for (const { cause } of complaints) if (cause !== null) expect(ids).toContain(cause.id);
    for (const { body } of timeline.complaints) {
      expect(String(body.text)).not.toMatch(/[{}]/);
      expect(String(body.text).length).toBeGreaterThan(5);
    }
  });

  test('a storm takes half the city within a minute and gives it back in three steps', () => {
    const timeline = new Timeline(buildCity('small', 4), FROM - HOUR_MS);
    addStorm(timeline, FROM, 4);
    const parts = partsOf(timeline, 'outage');
    expect(parts.length).toBeGreaterThanOrEqual(100);
    expect(parts.length).toBeLessThanOrEqual(125);
    expect(Math.max(...parts.map((part) => part.from)) - FROM).toBeLessThan(MINUTE_MS);
    expect(new Set(parts.map((part) => Math.round((part.to - part.from) / HOUR_MS)))).toEqual(new Set([1, 3, 6]));
  });
});

describe('the story of the demo', () => {
  const ready = Date.parse('2026-07-15T14:00:00+08:00');
  const timeline = new Timeline(buildCity('small', 2026), ready - 10 * HOUR_MS);
  const moments = addDemoStory(timeline, 2026, ready);

  test('has a feeder that passes 8 h within the first minute, wholly without supply until then', () => {
    const long = timeline.incidents.find((incident) => incident.id === 'LONG') as OutageIncident;
    const passes = Math.min(...long.parts.map((part) => part.from)) + 8 * HOUR_MS;
    expect(passes).toBe(ready + 50_000);
    expect(Math.min(...long.parts.map((part) => part.to))).toBeGreaterThan(passes + 60_000);
  });

  test('has something to see at least every twenty seconds of the first three minutes, after the page is open', () => {
    const visible = [
      ...timeline.incidents.flatMap((incident) =>
        incident.kind === 'outage'
          ? incident.parts.flatMap((part) => [part.from, part.to])
          : incident.kind === 'voltage'
            ? [incident.from + (incident.fault === 'phase_loss' ? MINUTE_MS : 15 * MINUTE_MS)]
            : [],
      ),
      ...timeline.callsBetween(ready, ready + HOUR_MS).map((call) => call.at),
    ]
      .filter((at) => at >= ready && at < ready + 200_000)
      .sort((a, b) => a - b);
    visible.slice(1).forEach((at, n) => expect(at - (visible[n] ?? at)).toBeLessThan(20_500));
    expect(visible.length).toBeGreaterThan(20);
    expect(moments.every((moment, n) => n === 0 || moment.after > (moments[n - 1]?.after ?? 0))).toBe(true);
  });

  test('registers its works and serves its arrears notices before they are needed', () => {
    const early = timeline.callsBetween(-Infinity, ready - 9 * HOUR_MS).map((call) => call.path);
    expect(early.filter((path) => path === '/planned-outages').length).toBeGreaterThanOrEqual(3);
    expect(early.filter((path) => path === '/disconnections').length).toBeGreaterThanOrEqual(3);
  });
});
