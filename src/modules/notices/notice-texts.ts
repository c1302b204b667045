import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { Config } from '../../config.js';
import { LANGUAGES, NOTICE_KINDS } from '../../domain/notices/notice-kinds.js';
import type { Language, NoticeFacts, NoticeKind } from '../../domain/notices/notice-kinds.js';
import { sizeOf } from '../../domain/notices/sms-segments.js';
import { viewOf } from '../../domain/notices/wording.js';
import { Fault } from '../../fault.js';

/** The same step up from `src/` and from `dist/`. */
const FOLDER = join(import.meta.dirname, '../../..', 'templates/sms');

export interface NoticeText {
  language: Language;
  text: string;
  segments: number;
}

type Template = (view: object) => string;

/** The wording of notices, from `templates/sms/<kind>.<language>.hbs`. A name that a template uses and nobody gives is an error. */
@Injectable()
export class NoticeTexts {
  private readonly templates: ReadonlyMap<string, Template>;

  constructor(private readonly config: Config) {
    this.templates = new Map(
      NOTICE_KINDS.flatMap((kind) =>
        LANGUAGES.map((language) => [`${kind}.${language}`, readTemplate(`${kind}.${language}`)] as const),
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

/** @throws Fault `misconfigured` when the file is missing or no template */
function readTemplate(name: string): Template {
  const file = join(FOLDER, `${name}.hbs`);
  try {
    const source = readFileSync(file, 'utf8');
    return compileTemplate(source);
  } catch (error) {
    throw new Fault('misconfigured', `The SMS template ${file} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const handlebars = Handlebars.create();
// Strict mode looks at what is printed, not at what is asked: a misspelt condition would silently be false.
handlebars.registerHelper('if', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
  if (value === undefined) throw new Error('the template asks for a name that is not given');
  return value === null || value === false || value === '' ? options.inverse(this) : options.fn(this);
});

/** A template that throws for every name that it is not given. @throws at once when the source is no template */
export function compileTemplate(source: string): Template {
  handlebars.precompile(source, { strict: true }); // compile() alone would find a wrong template only at its first use
  return handlebars.compile(source, { strict: true, noEscape: true });
}
