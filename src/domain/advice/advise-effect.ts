import { formatInstant } from '../instants.js';
import { percent, step } from './advice.js';
import type { Advice } from './advice.js';
import { sharesOf } from './judge-action.js';
import type { Judgement } from './judge-action.js';
import { tapName } from './tap.js';

export const ACTION_KINDS = ['tap_moved', 'customers_moved', 'load_shifted'] as const;

/** What somebody recorded that he did about bad voltage; `at` in epoch milliseconds. */
export interface DoneAction {
  kind: (typeof ACTION_KINDS)[number];
  from: string;
  to: string;
  at: number;
}

const DONE: Readonly<Record<DoneAction['kind'], { zh: string; en: string }>> = {
  tap_moved: { zh: '调分接开关', en: 'moving the tap' },
  customers_moved: { zh: '调整用户相别', en: 'moving customers' },
  load_shifted: { zh: '转移负荷', en: 'shifting load' },
};

/** Stands behind what to do: what was done last and did not help, so that nobody does it again. Null when it helped or cannot be told. */
export function adviseEffect(
  action: DoneAction,
  { verdict, before, after, reason, reasonEn }: Judgement,
): Advice | null {
  const [was, is] = [sharesOf(before), sharesOf(after)];
  if (verdict === 'improved' || verdict === 'pending' || was === null || is === null) return null;
  const isWorse = verdict === 'worse';
  const at = formatInstant(action.at).slice(0, 16).replace('T', ' ');
  const name = (place: string): string => (action.kind === 'tap_moved' ? tapName(Number(place)) : place);
  const what = `${name(action.from)} → ${name(action.to)}`;
  return {
    kind: 'action_without_effect',
    text: `${at} ${DONE[action.kind].zh}（${what}）${isWorse ? '使电压更差' : '没有改善'}：${reason}；${isWorse ? '考虑恢复原状，' : ''}不要重复同样措施，另查原因`,
    textEn: `What was done at ${at}, ${DONE[action.kind].en} (${what}), ${isWorse ? 'made it worse' : 'did not help'}: ${reasonEn} ${isWorse ? 'Consider undoing it; do not' : 'Do not'} do the same again, look for another cause.`,
    arithmetic: [
      step(
        '处置前后同时段越限占比',
        'Share out of limits at the same hours, before and after',
        'low + high',
        { hoursBefore: before.hours, hoursAfter: after.hours, before: percent(was.low + was.high) },
        percent(is.low + is.high),
      ),
    ],
    source: 'own: the same hours of the day before and after the action; policy advice.changeShare',
  };
}
