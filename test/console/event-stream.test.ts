import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, EventStreamParser } from '../../web/src/model/event-stream.js';

const STREAM =
  ': 2026-07-15T10:00:00+08:00\n\nid: 7\n\nid: 8\nevent: warning_raised\ndata: {"id":8}\n\n' +
  'event:outage_opened\r\ndata: a\r\ndata:b\r\nid: 9\r\n\r\n\n: bye\n\n';

describe('the parser of server-sent events', () => {
  it('tells events, bare ids and comments apart', () => {
    expect(new EventStreamParser().push(STREAM)).toEqual([
      { event: 'message', data: null, comments: ['2026-07-15T10:00:00+08:00'] },
      { event: 'message', data: null, comments: [], id: '7' },
      { event: 'warning_raised', data: '{"id":8}', comments: [], id: '8' },
      { event: 'outage_opened', data: 'a\nb', comments: [], id: '9' },
      { event: 'message', data: null, comments: ['bye'] },
    ]);
  });

  it('gives the same events however the text is cut into pieces', () => {
    const whole = new EventStreamParser().push(STREAM);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 12 }), (cuts) => {
        const parser = new EventStreamParser();
        const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const events = places.slice(1).flatMap((end, index) => parser.push(STREAM.slice(places[index], end)));
        expect(events).toEqual(whole);
      }),
    );
  });

  it('holds an event back until its blank line has come', () => {
    const parser = new EventStreamParser();
    expect(parser.push('id: 1\ndata: x\n')).toEqual([]);
    expect(parser.push('\n')).toHaveLength(1);
  });
});

describe('waiting before the next attempt', () => {
  it('doubles up to 15 s and never falls below half of that', () => {
    expect([1, 2, 3, 10].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000]);
    expect(backoffMs(10, 0)).toBe(7_500);
  });
});
