import { beforeAll, beforeEach } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Registry } from 'prom-client';
import { Config } from '../../src/config.js';
import type { JournalEntry } from '../../src/domain/journal-entry.js';
import type { Outcome } from '../../src/domain/notices/delivery.js';
import { PolicyTimeline } from '../../src/domain/policy-in-force.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { at } from '../../src/modules/database/database.js';
import { Workers } from '../../src/modules/journal/workers.js';
import { NoticeTexts } from '../../src/modules/notices/notice-texts.js';
import { NoticesFollower } from '../../src/modules/notices/notices.follower.js';
import { NoticesMetrics } from '../../src/modules/notices/notices.metrics.js';
import { OutageNotices } from '../../src/modules/notices/outage-notices.js';
import { PlannedNotices } from '../../src/modules/notices/planned-notices.js';
import type { Message, SmsProvider } from '../../src/modules/notices/providers/provider.js';
import { SmsProviders } from '../../src/modules/notices/providers/providers.js';
import { ReconnectionNotices } from '../../src/modules/notices/reconnection-notices.js';
import { Sender } from '../../src/modules/notices/sender.js';
import { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { TestClock, useDatabase } from './database.js';

/** A gateway that answers what the test tells it to. */
export class Gateway implements SmsProvider {
  readonly sent: Message[] = [];
  answer: (message: Message) => Promise<Outcome> = async () => ({ result: 'accepted', reference: null });
  constructor(
    readonly name: string,
    readonly idempotent = true,
  ) {}

  async send(message: Message): Promise<Outcome> {
    this.sent.push(message);
    return this.answer(message);
  }
}
export const away: Outcome = { result: 'failed', reason: 'HTTP 503', maybeAccepted: false };
export const lost: Outcome = { result: 'failed', reason: 'no answer', maybeAccepted: true };

/** The notices module on a database of its own: a feeder with two transformers and two customers on each. Truncated before each test. */
export function useNotices() {
  const clock = new TestClock();
  const start = clock.now();
  const held = useDatabase(clock);
  const config = Config.read({});
  let follower: NoticesFollower;
  let active: ActivePolicy;

  beforeAll(() => {
    const file = readPolicyFile(builtInPolicyFile('csg'));
    active = new ActivePolicy(clock, new PolicyTimeline([{ ...file, version: 1, effectiveFrom: 0 }]), file);
    const texts = new NoticeTexts(config);
    follower = new NoticesFollower(
      new Workers(held.db, config, new SchedulerRegistry()),
      new OutageNotices(texts, active),
      new PlannedNotices(texts, active),
      new ReconnectionNotices(texts),
    );
  });

  beforeEach(async () => {
    clock.set(start);
    await held.db.query(
      `truncate journal, follower_failure, notice, outage, outage_transformer, planned_outage, planned_outage_asset,
         reconnection_order, payment, disconnection, customer, customer_transformer, asset, asset_parent restart identity cascade`,
    );
    // Feeder 1 with transformers 2 and 3. On each: one with a mobile, one who wants no SMS.
    await held.db.query(
      `insert into asset (code, kind, parent_id, path, name) values ('F1', 'feeder', null, '{1}', '城东线'),
         ('T1', 'transformer', 1, '{1,2}', '一号台区'), ('T2', 'transformer', 1, '{1,3}', '二号台区')`,
    );
    await held.db.query(
      `insert into asset_parent (asset_id, parent_id, valid_from) values (1, null, '-infinity'), (2, 1, '-infinity'), (3, 1, '-infinity')`,
    );
    await held.db.query(
      `insert into customer (account_no, transformer_id, mobile, landline, sms, language) values
         ('A1', 2, '13800000001', null, true, 'zh-CN'), ('A2', 2, '13800000002', '8520002', false, 'zh-CN'),
         ('B1', 3, '13800000003', null, true, 'en'), ('B2', 3, null, null, true, 'zh-CN')`,
    );
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
  });

  const tell = async (...entries: object[]): Promise<void> => {
    await held.db.inTx((tx) => follower.handle(tx, entries as JournalEntry[]));
  };
  const entry = (type: string, subjectId: number, data: object = {}): object => ({
    type,
    subjectId,
    subjectType: type.startsWith('planned')
      ? 'planned_outage'
      : type.startsWith('rec')
        ? 'reconnection_order'
        : 'outage',
    data,
  });
  const over8h = (id: number, stage = '8h'): object => ({
    type: 'deadline_fired',
    subjectType: 'outage',
    subjectId: id,
    data: { kind: 'outage_ladder', stage, subjectType: 'outage', subjectId: id, dueAt: 0, deadlineId: 1 },
  });
  /** Opens an outage with the given transformers since `since`. */
  const outage = async (transformers: number[], extra: Record<string, unknown> = {}, since = clock.now()) => {
    const row = {
      state: 'confirmed',
      nature: 'fault',
      root_asset_id: 1,
      area: '',
      started_at: at(since),
      known_at: at(since),
      policy_version: 1,
      ...extra,
    };
    const names = Object.keys(row);
    const [made] = await held.db.query<{ id: number }>(
      `insert into outage (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')}) returning id`,
      Object.values(row),
    );
    const id = made?.id ?? 0;
    await join(id, transformers, since);
    return id;
  };
  const join = async (id: number, transformers: number[], since = clock.now()): Promise<void> => {
    await held.db.query(
      `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers) select $1, t, $3, 'test', 2 from unnest($2::int[]) t`,
      [id, transformers, at(since)],
    );
  };
  const restore = async (id: number, transformers: number[], state = 'confirmed'): Promise<void> => {
    await held.db.query(
      `update outage_transformer set ended_at = $3, end_source = 'measured' where outage_id = $1 and transformer_id = any($2::int[]) and ended_at is null`,
      [id, transformers, at(clock.now())],
    );
    await held.db.query(
      'update outage set state = $2, ended_at = case when $2 = $3 then null else $4::timestamptz end where id = $1',
      [id, state, 'confirmed', at(clock.now())],
    );
  };
  const sender = (...gateways: SmsProvider[]): Sender => {
    const providers = new SmsProviders(gateways);
    const metrics = new NoticesMetrics(new Registry(), held.db, providers);
    return new Sender(held.db, new Workers(held.db, config, new SchedulerRegistry()), active, providers, metrics);
  };
  const rows = async (): Promise<string[]> =>
    (
      await held.db.query<{ line: string }>(
        `select kind || ' ' || account_no || ' ' || channel || ' ' || state as line
         from notice join customer on customer.id = customer_id order by notice.id`,
      )
    ).map(({ line }) => line);
  const journal = async (): Promise<object[]> =>
    (await held.db.query<{ type: string; data: object }>('select type, data from journal order by id')).map(
      ({ type, data }) => ({ type, ...data }),
    );

  return {
    clock,
    start,
    get db() {
      return held.db;
    },
    get follower() {
      return follower;
    },
    tell,
    entry,
    over8h,
    outage,
    join,
    restore,
    sender,
    rows,
    journal,
  };
}
