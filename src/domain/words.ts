/** The same words in both languages of the screens. */
export interface Words {
  zh: string;
  en: string;
}
