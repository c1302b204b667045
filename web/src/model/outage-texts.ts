/** Words of an outage's detail beyond what the board shows. */
const zh = {
  family: '关联停电',
  parent: '来自',
  child: '其中仍停（嵌套）或拆出',
  mergedInto: (id: number) => `已并入停电 #${id}`,
  still: (out: number, all: number) => `仍停 ${out} / ${all} 户`,
  responsible: '责任人',
  owner: '设备主人',
  manager: '客户经理',
  progress: '处理进展',
  noProgress: '还没有进展记录',
  progressNote: '进展，例如：已到现场，正在更换熔断器',
  by: '报告人',
  add: '添加',
  added: '已添加',
  split: (n: number) => `拆出所选 ${n} 个台区`,
  splitAsk: '把所选台区拆成另一停电事件？之后规则不再合并。',
  splitDone: (id: number) => `已拆出为停电 #${id}`,
  splitNote: '拆分说明',
  evidence: '依据',
  decided: '人工设定',
  revision: '修订次数',
};

export type OutageTexts = typeof zh;

const en: OutageTexts = {
  family: 'Family of this outage',
  parent: 'Comes from',
  child: 'Still out (nested) or split off',
  mergedInto: (id) => `Part of outage #${id} now`,
  still: (out, all) => `${out} of ${all} customers still out`,
  responsible: 'Responsible',
  owner: 'owner',
  manager: 'manager',
  progress: 'Progress',
  noProgress: 'No progress is reported yet',
  progressNote: 'Progress, for example: crew on site, changing the fuse',
  by: 'Reported by',
  add: 'Add',
  added: 'Added',
  split: (n) => (n === 1 ? 'Split off 1 transformer' : `Split off ${n} transformers`),
  splitAsk: 'Make these transformers an outage of their own? The rules will not join them again.',
  splitDone: (id) => `Split off as outage #${id}`,
  splitNote: 'Note on the split',
  evidence: 'Evidence',
  decided: 'Set by a person',
  revision: 'Revisions',
};

export const OUTAGE_TEXTS = { 'zh-CN': zh, en };
