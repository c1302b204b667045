/** Words for what was done about bad voltage. */
const zh = {
  title: '处置与成效',
  none: '尚未登记处置',
  record: '登记处置',
  kind: { tap_moved: '调分接头', customers_moved: '调整用户相别', load_shifted: '转移负荷' },
  from: { tap_moved: '原档位', customers_moved: '原相别', load_shifted: '转出' },
  to: { tap_moved: '新档位', customers_moved: '新相别', load_shifted: '转入' },
  hint: { tap_moved: '1 = I 档', customers_moved: 'A、B 或 C', load_shifted: '台区或线路' },
  at: '完成时间',
  by: '执行人',
  note: '说明',
  save: '登记',
  leave: '返回',
  saved: '已登记',
  verdict: { improved: '改善', unchanged: '无变化', worse: '变差', pending: '待判' },
  phase: '相别',
  before: (hours: number) => `处置前（${hours} 小时）`,
  after: (hours: number) => `处置后（${hours} 小时）`,
  range: '5%–95% 电压',
  low: '越下限',
  high: '越上限',
};

export type ActionTexts = typeof zh;

const en: ActionTexts = {
  title: 'What was done, and whether it helped',
  none: 'Nothing is recorded yet',
  record: 'Record what was done',
  kind: { tap_moved: 'Tap moved', customers_moved: 'Customers moved', load_shifted: 'Load shifted' },
  from: { tap_moved: 'From tap', customers_moved: 'From phase', load_shifted: 'From' },
  to: { tap_moved: 'To tap', customers_moved: 'To phase', load_shifted: 'To' },
  hint: { tap_moved: '1 = tap I', customers_moved: 'A, B or C', load_shifted: 'transformer or feeder' },
  at: 'Done at',
  by: 'By',
  note: 'Note',
  save: 'Record',
  leave: 'Back',
  saved: 'Recorded',
  verdict: { improved: 'improved', unchanged: 'unchanged', worse: 'worse', pending: 'pending' },
  phase: 'Phase',
  before: (hours) => `Before (${hours} h)`,
  after: (hours) => `After (${hours} h)`,
  range: '5–95 % voltage',
  low: 'low',
  high: 'high',
};

export const ACTION_TEXTS = { 'zh-CN': zh, en };
