import { Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { LANGUAGES, NOTICE_KINDS } from '../../domain/notices/notice-kinds.js';
import type { Language, NoticeFacts, NoticeKind } from '../../domain/notices/notice-kinds.js';
import { sizeOf } from '../../domain/notices/sms-segments.js';
import { viewOf } from '../../domain/notices/wording.js';
import { readTemplate } from '../../template-file.js';
import type { Template } from '../../template-file.js';

export interface NoticeText {
  language: Language;
  text: string;
  segments: number;
}

/** The wording of notices, from `templates/sms/<kind>.<language>.hbs`. A name that a template uses and nobody gives is an error. */
@Injectable()
export class NoticeTexts {
  private readonly templates: ReadonlyMap<string, Template>;

  constructor(private readonly config: Config) {
    this.templates = new Map(
      NOTICE_KINDS.flatMap((kind) =>
        LANGUAGES.map((language) => [`${kind}.${language}`, readTemplate(`sms/${kind}.${language}`, 'text')] as const),
      ),
    );
  }

  /** One text in every language, for facts that all its readers share. */
  inEveryLanguage<Kind extends NoticeKind>(kind: Kind, facts: NoticeFacts[Kind]): NoticeText[] {
    return LANGUAGES.map((language) => this.render(kind, facts, language));
  }

  render<Kind extends NoticeKind>(kind: Kind, facts: NoticeFacts[Kind], language: Language): NoticeText {
    const template = this.templates.get(`${kind}.${language}`);
    if (template === undefined) throw new Error(`there is no template ${kind}.${language}`);
    const sender = { signature: this.config.smsSignature, hotline: this.config.serviceHotline };
    const text = template(viewOf(kind, facts, language, sender)).trim();
    return { language, text, segments: sizeOf(text).segments };
  }
}
