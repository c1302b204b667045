import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode } from '../../../src/domain/telemetry/decode.js';
import { REJECT_REASONS } from '../../../src/domain/telemetry/decoded.js';
import type { Decoded, DecodeContext } from '../../../src/domain/telemetry/decoded.js';

const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const CONTEXT: DecodeContext = { now: NOW, futureToleranceMs: 300_000, retentionMs: 400 * 86_400_000, retained: false };
const TOPIC = 'dt/v1/s1/T1/up/meas';

const bytes = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
const decodeAll = (payload: unknown, topic = TOPIC, context = CONTEXT): readonly Decoded[] =>
  decode(topic, bytes(payload), 'dt/v1', context);
const decodeOne = (payload: unknown, topic = TOPIC, context = CONTEXT): Decoded => {
  const [only, ...others] = decodeAll(payload, topic, context);
  if (only === undefined || others.length > 0) throw new Error('one result was expected');
  return only;
};

describe('readings of the native format', () => {
  it('reads every name of the contract', () => {
    const { readings, ...rest } = decodeOne(
      `{"ts":${NOW},"sid":17,"seq":48213,"tq":0,"ua":221.3,"ub":219.8,"uc":220.4,"ia":101.5,"ib":99.1,"ic":98.7,"in":3.2,"p":65.31,"q":-12.2,"pf":-0.98,"f":50.01,"temp":-5.5,"id":"T1","v":1}`,
    );
    expect(readings).toEqual([
      {
        kind: 'reading', ts: NOW, sid: 17, seq: 48213, tq: 0, ua: 221.3, ub: 219.8, uc: 220.4, ia: 101.5, ib: 99.1, ic: 98.7,
        in: 3.2, p: 65.31, q: -12.2, pf: -0.98, f: 50.01, temp: -5.5,
      },
    ]); // prettier-ignore
    expect(rest).toEqual({
      terminal: 'T1',
      shard: 's1',
      live: true,
      events: [],
      state: null,
      reply: null,
      rejections: [],
      ignoredNames: 0,
    });
  });

  it('takes absent and null as not measured, never as 0', () => {
    const [reading] = decodeOne({ ts: NOW, ua: 0, ub: null }).readings;
    expect([reading?.ua, reading?.ub, reading?.uc, reading?.seq]).toEqual([0, null, null, null]);
  });

  it('ignores and counts unknown names', () => {
    expect(decodeOne({ ts: NOW, ua: 220, firmware: 'x', nested: { a: [1] }, UA: 1 }).ignoredNames).toBe(3);
  });

  it.each([
    ['text that is not JSON', '{"ts":1', 'not_json'],
    ['an empty payload', '', 'not_json'],
    ['a C library writing nan', `{"ts":${NOW},"ua":nan}`, 'not_json'],
    ['Latin-1 bytes', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]), 'not_utf8'],
    ['a surrogate half in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not_utf8'],
    ['more than 2 KB', `{"ts":${NOW},"ua":220,"x":"${'y'.repeat(2_100)}"}`, 'too_large'],
    ['2 KB of nested brackets', '['.repeat(1_000) + ']'.repeat(1_000), 'missing_field'],
    ['no instant', { ua: 220 }, 'missing_field'],
    ['no measurement', { ts: NOW, sid: 1 }, 'missing_field'],
    ['only null measurements', { ts: NOW, ua: null }, 'missing_field'],
    ['an empty array', [], 'missing_field'],
    ['a bare number', 17, 'missing_field'],
    ['an instant as text', { ts: '2026-07-15T10:00:00Z', ua: 220 }, 'out_of_bounds'],
    ['a fraction of a millisecond', { ts: NOW + 0.5, ua: 220 }, 'out_of_bounds'],
    ['an infinite voltage', `{"ts":${NOW},"ua":1e999}`, 'out_of_bounds'],
    ['a voltage as text', { ts: NOW, ua: '220' }, 'out_of_bounds'],
    ['1001 V', { ts: NOW, ua: 1_001 }, 'out_of_bounds'],
    ['a negative voltage', { ts: NOW, ua: -1 }, 'out_of_bounds'],
    ['a power factor of 1.1', { ts: NOW, pf: 1.1 }, 'out_of_bounds'],
    ['a sequence beyond 2^53', `{"ts":${NOW},"ua":1,"seq":9007199254740993}`, 'out_of_bounds'],
    ['a negative boot', { ts: NOW, ua: 1, sid: -1 }, 'out_of_bounds'],
    ['clock quality 3', { ts: NOW, ua: 1, tq: 3 }, 'out_of_bounds'],
    ['a clock that never was set', { ts: 1, ua: 220, tq: 2 }, 'clock_unsynchronised'],
    ['an instant 5 min and 1 ms ahead', { ts: NOW + 300_001, ua: 220 }, 'ahead_of_clock'],
    ['an instant older than the retention', { ts: NOW - 401 * 86_400_000, ua: 220 }, 'older_than_retention'],
    ['the id of another terminal', { ts: NOW, ua: 220, id: 'T2' }, 'id_mismatch'],
    ['an id that is no text', { ts: NOW, ua: 220, id: { toString: 1 } }, 'id_mismatch'],
    ['an instant by way of __proto__', `{"__proto__":{"ts":${NOW},"ua":220}}`, 'missing_field'],
  ])('refuses %s', (_, payload, reason) => {
    const decoded = decodeOne(payload);
    expect(decoded.readings).toEqual([]);
    expect(decoded.rejections.map((rejection) => rejection.reason)).toEqual([reason]);
  });

  it('tells an instant in seconds from one that is old', () => {
    const detailOf = (ts: number): string | undefined => decodeOne({ ts, ua: 220 }).rejections[0]?.detail;
    expect(detailOf(Math.round(NOW / 1_000))).toMatch(
      /it seems to count seconds; it must count milliseconds since 1970$/,
    );
    expect(detailOf(NOW - 401 * 86_400_000)).toBe('ts is 401 days old; it must count milliseconds since 1970');
  });

  it('takes an instant up to 5 min ahead', () => {
    expect(decodeOne({ ts: NOW + 300_000, ua: 220 }).readings).toHaveLength(1);
  });

  it('accepts the character U+FFFD when it was really sent', () => {
    expect(decodeOne({ ts: NOW, ua: 220, x: '\uFFFD' }).readings).toHaveLength(1);
  });

  it('refuses what is retained, but a birth or a will', () => {
    const retained = { ...CONTEXT, retained: true };
    expect(decodeOne({ ts: NOW, ua: 220 }, TOPIC, retained).rejections[0]?.reason).toBe('retained');
    expect(decodeOne({ state: 'offline', sid: 3 }, 'dt/v1/s1/T1/up/state', retained)).toMatchObject({
      state: { state: 'offline', sid: 3 },
      live: false,
    });
  });

  it('takes backfill of 16 KB, and says that it is not live', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      ts: NOW - index * 60_000,
      ua: 220,
      note: 'z'.repeat(150),
    }));
    expect(decodeOne(many, 'dt/v1/s1/T1/up/backfill')).toMatchObject({ live: false, readings: { length: 60 } });
    expect(decodeOne(many).rejections[0]?.reason).toBe('too_large');
  });
});

describe('topics', () => {
  it.each([
    'dt/v1/s1/T1/up',
    'dt/v1/s1/T1/up/',
    'dt/v1/s1/T1/up/meas/more',
    'dt/v1/s1/T1/down/cmd',
    'dt/v1/s1/T1/up/toString',
    'dt/v1//T1/up/meas',
    'dt/v1/s1//up/meas',
    'dt/v1/s1/+/up/meas',
    'dt/v1/#/T1/up/meas',
    'dt/v1/T1/up/meas',
    'dt/v12/s1/T1/up/meas',
    'xdt/v1/s1/T1/up/meas',
    `dt/v1/s1/${'T'.repeat(65)}/up/meas`,
    'dt/v1/s1/T1\u0000/up/meas',
    '/v1/devices/T1/datas/more',
    '$oc/devices/T1/sys/properties',
    '',
  ])('knows no codec for %j', (topic) => {
    expect(decodeOne({ ts: NOW, ua: 220 }, topic).rejections[0]?.reason).toBe('unknown_topic');
  });
});

describe('events, states and answers', () => {
  const topic = 'dt/v1/s1/T1/up/event';

  it('reads an event, keeps its scalar fields, leaves the deep ones', () => {
    const decoded = decodeOne(
      `{"ts":${NOW},"type":"power_off","phases":"ABC","eid":7,"cap":12.5,"deep":{"a":1},"nul":"a\\u0000b","__proto__":"x"}`,
      topic,
    );
    expect(decoded.events).toMatchObject([{ ts: NOW, type: 'power_off', phases: 'ABC', eid: '7' }]);
    expect(Object.entries(decoded.events[0]?.data ?? {})).toEqual([
      ['cap', 12.5],
      ['__proto__', 'x'],
    ]);
    expect(decoded.ignoredNames).toBe(2);
  });

  it.each([
    ['without a type', { ts: NOW }, 'missing_field'],
    ['with a type of 100 letters', { ts: NOW, type: 'x'.repeat(100) }, 'out_of_bounds'],
    ['with phases out of order', { ts: NOW, type: 'x', phases: 'CBA' }, 'out_of_bounds'],
    ['with U+0000 in its number', { ts: NOW, type: 'x', eid: 'a\u0000' }, 'out_of_bounds'],
    ['ahead of the clock', { ts: NOW + 400_000, type: 'x' }, 'ahead_of_clock'],
  ])('refuses an event %s', (_, payload, reason) => {
    expect(decodeOne(payload, topic).rejections.map((rejection) => rejection.reason)).toEqual([reason]);
  });

  it('refuses the bad element of an array alone, and keeps it as JSON', () => {
    const decoded = decodeOne([{ ts: NOW, type: 'boot' }, { ts: NOW }], topic);
    expect(decoded.events).toHaveLength(1);
    expect(decoded.rejections).toMatchObject([{ reason: 'missing_field', element: `{"ts":${NOW}}` }]);
  });

  it('asks a will for its boot', () => {
    const state = 'dt/v1/s1/T1/up/state';
    expect(decodeOne({ state: 'offline' }, state).rejections[0]?.reason).toBe('missing_field');
    expect(decodeOne({ state: 'online' }, state).state).toEqual({ state: 'online', sid: null });
    expect(decodeOne({ state: 'away', sid: 1 }, state).rejections[0]?.reason).toBe('out_of_bounds');
  });

  it('keeps an answer whole, unless it is too deep or holds what PostgreSQL cannot store', () => {
    const reply = 'dt/v1/s1/T1/up/reply';
    const rid = '0b7c1f0a-52cc-4d4b-8a8e-64a6c3f4e0aa';
    expect(decodeOne({ rid: rid.toUpperCase(), ok: true }, reply).reply).toMatchObject({ rid });
    expect(decodeOne(`{"rid":"${rid}","a":${'['.repeat(40)}${']'.repeat(40)}}`, reply).rejections[0]?.reason).toBe(
      'out_of_bounds',
    );
    expect(decodeOne(`{"rid":"${rid}","a":"\\u0000"}`, reply).rejections[0]?.reason).toBe('out_of_bounds');
  });
});

describe('devices[].services[]', () => {
  it('reads a gateway report: services of one instant make one reading', () => {
    const [first, second] = decodeAll(
      {
        devices: [
          {
            deviceId: 'T7',
            services: [
              {
                serviceId: 'voltage',
                data: { PhV_phsA: 221, PhV_phsB: 220, PhV_phsC: 219 },
                eventTime: '20260715T015900Z',
              },
              { serviceId: 'load', data: { TotW: 65.3, Hz: 50, Other: 1 }, eventTime: '20260715T015900Z' },
              { serviceId: 'voltage', data: { ua: 222 }, eventTime: '2026-07-15T10:00:00+08:00' },
            ],
          },
          { deviceId: 'T8', services: [{ serviceId: 'x', data: { ua: 1e6 }, eventTime: '20260715T015900Z' }] },
        ],
      },
      '/v1/devices/G1/datas',
    );
    expect(first).toMatchObject({
      terminal: 'T7', shard: null, ignoredNames: 1,
      readings: [{ ts: NOW - 60_000, ua: 221, ub: 220, uc: 219, p: 65.3, f: 50 }, { ts: NOW, ua: 222 }],
    }); // prettier-ignore
    expect(second).toMatchObject({ terminal: 'T8', readings: [], rejections: [{ reason: 'out_of_bounds' }] });
  });

  it('reads the snake case of a device and of sub-devices', () => {
    const services = [{ service_id: 'v', properties: { Ua: 220 }, event_time: '20260715T015900Z' }];
    expect(decodeOne({ services }, '$oc/devices/T7/sys/properties/report')).toMatchObject({
      terminal: 'T7',
      readings: [{ ua: 220 }],
    });
    expect(
      decodeOne(
        { devices: [{ device_id: 'T9', services }] },
        '$oc/devices/G1/sys/gateway/sub_devices/properties/report',
      ),
    ).toMatchObject({ terminal: 'T9', readings: [{ ua: 220 }] });
  });

  it('keeps a device without a name with the gateway', () => {
    expect(decodeOne({ devices: [{ services: [] }] }, '/v1/devices/G1/datas')).toMatchObject({
      terminal: 'G1',
      rejections: [{ reason: 'missing_field', element: '{"devices":[{"services":[]}]}' }],
    });
  });
});

describe('whatever comes', () => {
  const topics = fc.oneof(
    fc.constantFrom('meas', 'backfill', 'event', 'state', 'reply').map((channel) => `dt/v1/s/T1/up/${channel}`),
    fc.constantFrom('/v1/devices/G/datas', '$oc/devices/T/sys/properties/report'),
    fc.string(),
  );
  const names = fc.constantFrom(
    'ts',
    'ua',
    'id',
    'type',
    'eid',
    'phases',
    'rid',
    'state',
    'sid',
    'seq',
    'tq',
    'devices',
    'services',
    'data',
    'deviceId',
    'eventTime',
    '__proto__',
    'x',
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(NOW, 220, 2, null, true, 'power_off', 'ABC', 'T1', 1e308, -0, '\u0000', '\ud800'),
      fc.double(),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(names, tie('value'), { maxKeys: 6 }),
    ),
  })).value;

  it('never throws, and says something of every message', () => {
    fc.assert(
      fc.property(
        topics,
        fc.oneof(fc.uint8Array({ maxLength: 300 }), values),
        fc.boolean(),
        (topic, payload, retained) => {
          const raw = payload instanceof Uint8Array ? Buffer.from(payload) : Buffer.from(JSON.stringify(payload) ?? '');
          const decoded = decode(topic, raw, 'dt/v1', { ...CONTEXT, retained });
          expect(decoded.length).toBeGreaterThan(0);
          for (const part of decoded) {
            const said = part.readings.length + part.events.length + part.rejections.length;
            expect(said > 0 || part.state !== null || part.reply !== null).toBe(true);
            for (const { reason } of part.rejections) expect(REJECT_REASONS).toContain(reason);
            for (const reading of part.readings) {
              for (const value of Object.values(reading))
                expect(value === null || value === 'reading' || Number.isFinite(value)).toBe(true);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never throws on 16 KB of nesting', () => {
    for (const topic of [
      'dt/v1/s/T1/up/backfill',
      'dt/v1/s/T1/up/event',
      'dt/v1/s/T1/up/reply',
      '/v1/devices/G/datas',
    ]) {
      for (const text of ['['.repeat(8_192) + ']'.repeat(8_192), `${'{"a":'.repeat(2_700)}1${'}'.repeat(2_700)}`]) {
        for (const part of decodeAll(`[${text.slice(2, -2)}]`, topic)) expect(part.rejections).toHaveLength(1);
        expect(decodeAll(text, topic)).toHaveLength(1);
      }
    }
  });
});
