import { createContext, useContext } from 'react';
import { en } from '../model/texts-en.js';
import { zh } from '../model/texts-zh.js';
import type { Texts } from '../model/texts-zh.js';

export type Language = 'zh-CN' | 'en';

const TEXTS: Record<Language, Texts> = { 'zh-CN': zh, en };

const Context = createContext<Language>('zh-CN');

export const LanguageProvider = Context.Provider;
export const useLanguage = (): Language => useContext(Context);
/** The words of a screen that is loaded when it is opened: they come with it, not with the frame. */
export const useWords = <Words>(tables: Readonly<Record<Language, Words>>): Words => tables[useContext(Context)];
export const useTexts = (): Texts => TEXTS[useContext(Context)];
