import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { missingSteps } from '../../src/domain/reconnection/cut-guard.js';
import type { CutFacts } from '../../src/domain/reconnection/cut-guard.js';

const { policy, sources } = readPolicyFile(builtInPolicyFile('csg'));
const CUT = Date.parse('2026-07-15T10:00:00+08:00');
const MINUTE = 60_000;
const DAY = 86_400_000;

const proper: CutFacts = {
  plannedAt: CUT,
  disconnectedAt: null,
  approvedBy: '李主任',
  noticeServedAt: CUT - 5 * DAY,
  finalNoticeAt: CUT - 30 * MINUTE,
  arrears: [{ dueOn: '2026-06-14', clearedAt: null }],
  dunning: [{ at: CUT - 10 * DAY }],
};
const steps = (change: Partial<CutFacts>, limits = policy.disconnection): string[] =>
  missingSteps({ ...proper, ...change }, limits, sources).map((step) => step.step);

describe('the guard before a cut for arrears', () => {
  it.each<[string, Partial<CutFacts>, string[]]>([
    ['allows a cut with every step taken', {}, []],
    ['asks for a debt on record', { arrears: [] }, ['arrears']],
    [
      'asks for a debt that is still unpaid at the cut',
      { arrears: [{ dueOn: '2026-06-14', clearedAt: CUT - 1 }] },
      ['arrears'],
    ],
    [
      'does not count a debt that was paid after the cut as paid',
      { arrears: [{ dueOn: '2026-06-14', clearedAt: CUT + 1 }] },
      [],
    ],
    ['refuses on the thirtieth day overdue', { arrears: [{ dueOn: '2026-06-15', clearedAt: null }] }, ['overdue']],
    [
      'takes the oldest unpaid debt',
      {
        arrears: [
          { dueOn: '2026-07-01', clearedAt: null },
          { dueOn: '2026-05-01', clearedAt: null },
        ],
      },
      [],
    ],
    ['asks for collection', { dunning: [] }, ['dunning']],
    [
      'does not count collection of an older debt',
      { dunning: [{ at: Date.parse('2026-06-13T23:59:00+08:00') }] },
      ['dunning'],
    ],
    ['does not count collection after the cut', { dunning: [{ at: CUT + MINUTE }] }, ['dunning']],
    ['asks for an approval', { approvedBy: null }, ['approval']],
    ['does not take blanks for an approval', { approvedBy: '  ' }, ['approval']],
    ['asks for a written notice', { noticeServedAt: null }, ['notice']],
    ['allows a notice exactly three days before', { noticeServedAt: CUT - 3 * DAY }, []],
    ['refuses a notice a millisecond later', { noticeServedAt: CUT - 3 * DAY + 1 }, ['notice_too_late']],
    ['allows a notice on the seventh day before', { noticeServedAt: Date.parse('2026-07-08T00:00:00+08:00') }, []],
    [
      'refuses a notice on the eighth',
      { noticeServedAt: Date.parse('2026-07-07T23:59:59+08:00') },
      ['notice_too_early'],
    ],
    ['asks for the final notice', { finalNoticeAt: null }, ['final_notice']],
    ['refuses a final notice 29 min before', { finalNoticeAt: CUT - 29 * MINUTE }, ['final_notice_too_late']],
    [
      'judges a cut that was done by the instant it was done',
      { plannedAt: CUT, disconnectedAt: CUT - 10 * MINUTE },
      ['final_notice_too_late', 'cut_before_planned'],
    ],
    [
      'names everything that is missing at once',
      { arrears: [], dunning: [], approvedBy: null, noticeServedAt: null, finalNoticeAt: null },
      ['arrears', 'dunning', 'approval', 'notice', 'final_notice'],
    ],
  ])('%s', (_, change, expected) => {
    expect(steps(change)).toEqual(expected);
  });

  it('leaves a whole day where both bounds of the notice are seven days (State Grid)', () => {
    const sgcc = readPolicyFile(builtInPolicyFile('sgcc')).policy.disconnection;
    expect(steps({ noticeServedAt: CUT - 7 * DAY }, sgcc)).toEqual([]);
    expect(steps({ noticeServedAt: CUT - 7 * DAY - 9 * 3_600_000 }, sgcc)).toEqual([]);
    expect(steps({ noticeServedAt: CUT - 6 * DAY }, sgcc)).toEqual(['notice_too_late']);
  });

  it('says with each step in both languages what is wrong and where the rule is written', () => {
    const bare = { ...proper, arrears: [], dunning: [], approvedBy: null, noticeServedAt: null, finalNoticeAt: null };
    for (const step of missingSteps(bare, policy.disconnection, sources)) {
      expect(step.zh).not.toBe('');
      expect(step.en).not.toBe('');
      expect(step.source).not.toBe('policy');
    }
  });

  it('never allows a cut without collection, whatever else is on record', () => {
    const instant = fc.integer({ min: CUT - 60 * DAY, max: CUT });
    fc.assert(
      fc.property(
        fc.option(instant),
        fc.option(instant),
        fc.option(instant),
        (noticeServedAt, finalNoticeAt, disconnectedAt) => {
          expect(steps({ noticeServedAt, finalNoticeAt, disconnectedAt, dunning: [] })).toContain('dunning');
        },
      ),
    );
  });
});
