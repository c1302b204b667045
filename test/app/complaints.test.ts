import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, useService } from '../support/service.js';
import { TestClock } from '../support/database.js';

interface Listed<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface WarningBody {
  id: number;
  kind: string;
  status: string;
  subject: { type: string; code: string };
  evidence: Record<string, unknown>;
  dueAt: string;
  comments?: { actor: string; action: string; note: string }[];
  assignee: string | null;
  detail?: string;
}
interface ComplaintBody {
  id: number;
  category: string;
  callerPhone: string;
  text: string;
  links: { eventType: string; eventId: number; status: string; decidedBy: string | null }[];
  missedWarning: { reason: string } | null;
  detail?: string;
}

const clock = new TestClock(Date.parse('2026-07-15T10:00:00+08:00'));

describe('warnings and complaints over HTTP', () => {
  const held = useService({ clock });
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,name,area\nS1,substation,,城东站,east\nF1,feeder,S1,东一线,east\nT1,transformer,F1,东一 1 号,east\n',
    );
    await service.call(
      'POST',
      '/network/customers',
      'account_no,name,transformer_code,mobile\nA1,王小明,T1,13812341234\n',
    );
    for (const role of ['viewer', 'dispatcher', 'integration', 'analyst']) {
      const { body } = await service.call<{ key: string }>('POST', '/api-keys', { name: role, roles: [role] });
      keys[role] = body.key;
    }
    await service.call('POST', '/planned-outages', {
      externalId: 'P-1',
      assets: ['F1'],
      startsAt: '2026-07-15T09:00:00+08:00',
      endsAt: '2026-07-15T18:30:00+08:00',
      nature: 'planned',
      reason: '换线',
    });
  });

  it('warns of a long planned work, and lets a dispatcher act on it', async () => {
    const { service } = held;
    const list = async (query: string) =>
      (await service.call<Listed<WarningBody>>('GET', `/warnings${query}`)).body.items;
    const warning = await eventually(async () => (await list('?asset=S1&kind=outage_over_8h_expected'))[0]);
    expect(warning).toMatchObject({
      status: 'open',
      subject: { type: 'planned_outage', code: 'P-1' },
      evidence: { endsAt: '2026-07-15T18:30:00+08:00' },
      dueAt: '2026-07-15T09:00:00+08:00',
    });
    const act = (action: string, body: object, key = keys.dispatcher) =>
      service.call<WarningBody>('POST', `/warnings/${warning.id}/${action}`, body, key);
    expect((await act('acknowledge', {}, keys.viewer)).status).toBe(403);
    expect((await act('acknowledge', { note: '看到' })).body.status).toBe('acknowledged');
    expect(await act('acknowledge', {})).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('already') as unknown },
    });
    expect((await act('assign', { assignee: '李工' })).body.assignee).toBe('李工');
    expect((await act('assign', { asignee: 'x' })).status).toBe(400);
    expect((await act('comment', { note: '已联系' })).status).toBe(200);
    const resolved = await act('resolve', { note: '改期' });
    expect(resolved.body.comments?.map(({ actor, action, note }) => `${actor} ${action} ${note}`)).toEqual([
      'dispatcher acknowledge 看到',
      'dispatcher assign → 李工',
      'dispatcher comment 已联系',
      'dispatcher resolve 改期',
    ]);
    expect(await list('?status=open')).toEqual([]);
    expect((await list('?status=resolved&area=east&severity=minor')).map(({ id }) => id)).toEqual([warning.id]);
    expect((await service.call('GET', '/warnings/999999')).status).toBe(404);
  });

  it('takes a complaint in once, links it, masks the number for those who may not see it', async () => {
    const { service } = held;
    const complaint = {
      externalId: 'K-1',
      channel: 'hotline',
      accountNo: 'A1',
      callerPhone: '138-1234-1234',
      text: '没有通知就停电，我的电话13812341234',
      receivedAt: '2026-07-15T10:00:00+08:00',
    };
    const post = (body: object, key = keys.integration) =>
      service.call<ComplaintBody>('POST', '/complaints', body, key);
    const first = await post(complaint);
    expect(first.body).toMatchObject({
      category: 'outage',
      callerPhone: '138****1234',
      links: [{ eventType: 'planned_outage', status: 'linked' }],
    });
    expect(first.body.text).toContain('138****1234');
    expect((await post(complaint)).body.id).toBe(first.body.id);
    expect((await post({ ...complaint, text: '另一件事' })).status).toBe(409);
    expect((await post({ ...complaint, externalId: 'K-2', colour: 'red' })).status).toBe(400);
    expect((await post(complaint, keys.viewer)).status).toBe(403);

    const path = `/complaints/${first.body.id}`;
    expect((await service.call<ComplaintBody>('GET', path, undefined, keys.viewer)).body.callerPhone).toBe(
      '138****1234',
    );
    expect((await service.call<ComplaintBody>('GET', path, undefined, keys.analyst)).body.callerPhone).toBe(
      '13812341234',
    );
    expect(await service.db.query('select actor, route from personal_data_access')).toEqual([
      { actor: 'analyst', route: 'GET /complaints/:id' },
    ]);

    const [link] = first.body.links;
    const decided = await service.call<ComplaintBody>(
      'POST',
      `${path}/links/planned_outage/${link?.eventId}/reject`,
      { note: '客户在别处' },
      keys.analyst,
    );
    expect(decided.body.links).toMatchObject([{ status: 'rejected', decidedBy: 'analyst' }]);
    expect(decided.body.missedWarning?.reason).toBe('no_event_found');
    expect((await service.call('POST', `${path}/links/outage/99/confirm`, {}, keys.analyst)).status).toBe(404);
  });

  it('imports a file, lists with filters, and counts', async () => {
    const { service } = held;
    const file =
      'externalId,channel,accountNo,text,receivedAt\nI-1,online,A1,灯很暗电压低,2026-07-15T08:00:00+08:00\nI-2,post,A1,x,2026-07-15T08:00:00+08:00\n';
    const { body } = await service.call<{ accepted: number; rejected: { line: number }[] }>(
      'POST',
      '/complaints/import',
      file,
      keys.integration,
    );
    expect(body).toMatchObject({ accepted: 1, rejected: [{ line: 3 }] });
    const list = async (query: string) =>
      (await service.call<Listed<{ externalId: string }>>('GET', `/complaints${query}`)).body.items.map(
        (item) => item.externalId,
      );
    expect(await list('')).toEqual(['K-1', 'I-1']);
    expect(await list('?category=supply_quality&channel=online&state=open')).toEqual(['I-1']);
    expect(await list('?from=2026-07-15T09:00:00%2B08:00&to=2026-07-15T11:00:00%2B08:00')).toEqual(['K-1']);
    const metrics = await (
      await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${keys.viewer}` } })
    ).text();
    expect(metrics).toMatch(/lamplighter_complaints_total\{category="supply_quality"\} 1/);
    expect(metrics).toMatch(/lamplighter_complaint_links_total\{status="rejected"\} 1/);
    expect(metrics).toMatch(/lamplighter_warnings_raised_total\{kind="outage_over_8h_expected"\} 1/);
    expect(metrics).toMatch(/lamplighter_warnings_open\{kind="outage",severity="major"\} 0/);
  });
});
