import { describe, expect, it } from '@jest/globals';
import { eventually, freePort, startTestService, useService } from '../support/service.js';

/** Every name of the public contract (interface, section 5). */
const CONTRACT = [
  'messages_total',
  'readings_total',
  'rejected_messages_total',
  'ingest_batch_seconds',
  'ingest_batch_size',
  'ingest_unacknowledged',
  'ingest_lag_seconds',
  'journal_lag_entries',
  'transformers',
  'warnings_open',
  'warnings_raised_total',
  'warning_latency_seconds',
  'outages_open',
  'customers_without_supply',
  'outages_over_8h_open',
  'reconnections_open',
  'deadlines_total',
  'deadline_delay_seconds',
  'complaints_total',
  'complaint_links_total',
  'notices_total',
  'notice_queue',
  'live_clients',
  'http_request_duration_seconds',
  'process_cpu_seconds_total',
].map((name) => `lamplighter_${name}`);

describe('metrics and health', () => {
  // The failing follower below is meant to fail; its log lines would only frighten.
  const held = useService({ env: { LOG_LEVEL: 'silent' } });
  const get = async (path: string, key?: string) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${held.service.url}${path}`, { headers });
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  };

  it('gives a scrape to a key with the role viewer, and to nobody without a key', async () => {
    expect((await get('/metrics')).status).toBe(401);
    await held.service.db.query(
      `insert into api_key (name, secret_hash, roles, created_at, created_by) values ('prometheus', sha256('scrape-key'), '{viewer}', now(), 'test')`,
    );
    const scrape = await get('/metrics', 'scrape-key');
    expect(scrape.status).toBe(200);
    expect(scrape.type).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('has every name of the public contract from the start', async () => {
    const { text } = await get('/metrics', 'scrape-key');
    const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
    expect(CONTRACT.filter((name) => !there.has(name))).toEqual([]);
  });

  it('counts requests by the pattern of their route, refused ones too, and never by their path', async () => {
    await get('/health/live');
    await get('/no/such/place/13800138000');
    const { text } = await get('/metrics', 'scrape-key');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/health\/live",status="200"\} [1-9]/,
    );
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/metrics",status="401"\} [1-9]/);
    expect(text).not.toContain('13800138000');
  });

  it('shows each supply state and each follower from the start', async () => {
    const { text } = await get('/metrics', 'scrape-key');
    for (const supply of ['live', 'dead', 'unknown'])
      expect(text).toContain(`lamplighter_transformers{supply="${supply}"} 0`);
    // A follower shows once it has taken its first step.
    await eventually(async () =>
      /lamplighter_journal_lag_entries\{follower="notices"\} \d/.test((await get('/metrics', 'scrape-key')).text),
    );
  });

  it('is alive and ready, and says so without a key', async () => {
    expect(JSON.parse((await get('/health/live')).text)).toEqual({ status: 'ok' });
    const ready = await eventually(async () => {
      const answer = await get('/health/ready');
      return answer.status === 200 && answer;
    });
    expect(JSON.parse(ready.text)).toMatchObject({
      status: 'ok',
      details: { database: { status: 'up' }, broker: { status: 'up' }, workers: { status: 'up' } },
    });
  });

  it('is not ready without its broker, and says why', async () => {
    const lonely = await startTestService({
      env: { LOG_LEVEL: 'silent', MQTT_URL: `mqtt://127.0.0.1:${await freePort()}` },
    });
    try {
      const answer = await fetch(`${lonely.url}/health/ready`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({
        error: { broker: { status: 'down' } },
        info: { database: { status: 'up' } },
      });
    } finally {
      await lonely.stop();
    }
  });

  it('is not ready while a follower fails, and names it', async () => {
    await held.service.db.query('alter table follower_cursor rename to follower_cursor_away');
    try {
      const answer = await eventually(async () => {
        const asked = await get('/health/ready');
        return asked.status === 503 && asked.text.includes('"notices"') && asked;
      });
      expect(answer.type).toContain('application/problem+json');
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'not_ready',
        status: 503,
        error: { workers: { failing: expect.arrayContaining(['notices']) as unknown } },
      });
    } finally {
      await held.service.db.query('alter table follower_cursor_away rename to follower_cursor');
    }
  });
});
