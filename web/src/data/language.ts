import { createContext, useContext } from 'react';
import { en } from '../model/texts-en.js';
import { zh } from '../model/texts-zh.js';
import type { Texts } from '../model/texts-zh.js';

export type Language = 'zh-CN' | 'en';

const TEXTS: Record<Language, Texts> = { 'zh-CN': zh, en };

const Context = createContext<Language>('zh-CN');

export const LanguageProvider = Context.Provider;
export const useLanguage = (): Language => useContext(Context);
export const useTexts = (): Texts => TEXTS[useContext(Context)];
