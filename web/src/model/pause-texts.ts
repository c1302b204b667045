/** Words for stopping a clock and letting it run again. */
const zh = {
  pause: '暂停计时',
  resume: '恢复计时',
  reason: '暂停原因',
  evidence: '凭据（文号、照片、录音）',
  paused: '已暂停计时',
  resumed: '已恢复计时',
};

const en: typeof zh = {
  pause: 'Stop the clock',
  resume: 'Let the clock run',
  reason: 'Why it is stopped',
  evidence: 'What proves it (document, photograph, recording)',
  paused: 'The clock stands',
  resumed: 'The clock runs',
};

export const PAUSE_TEXTS = { 'zh-CN': zh, en };
