import { ENTRY_ZH, EVIDENCE_ZH, SUBJECT_ZH } from './words-zh.js';

const spaced = (name: string): string => name.replaceAll('_', ' ');

/** `episodes.17.startedAt` part by part; numbers and unknown names stay. English splits the name itself: `started at`. */
export function evidenceWords(path: string, language: string): string {
  return path
    .split('.')
    .map((part) => {
      const [, name = part, index = ''] = /^(\w+?)(\[\d+\])?$/.exec(part) ?? [];
      if (language === 'zh-CN') return `${EVIDENCE_ZH[name] ?? name}${index}`;
      const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
      return `${words.replace(/ v$/, ' (V)')}${index}`;
    })
    .join(' · ');
}

export const entryWords = (type: string, language: string): string =>
  (language === 'zh-CN' ? ENTRY_ZH[type] : undefined) ?? spaced(type);

export const subjectWords = (type: string, language: string): string =>
  (language === 'zh-CN' ? SUBJECT_ZH[type] : undefined) ?? spaced(type);
