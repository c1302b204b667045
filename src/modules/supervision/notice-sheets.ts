import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { Config } from '../../config.js';
import { LANGUAGES } from '../../domain/register/customer-rows.js';
import type { Language } from '../../domain/register/customer-rows.js';
import { minuteText } from '../../domain/supervision/minute-text.js';
import { sheetViewOf } from '../../domain/supervision/sheet-view.js';
import type { SheetOrder } from '../../domain/supervision/sheet-view.js';
import { Fault } from '../../fault.js';

/** The same step up from `src/` and from `dist/`. */
const FOLDER = join(import.meta.dirname, '../../..', 'templates/notice-sheets');

export interface Sheet {
  html: string;
  /** What the page may do: show itself with its own style, nothing else. */
  contentSecurityPolicy: string;
}

type Template = (view: object) => string;

/** Sheets for printing, from `templates/notice-sheets`. What they are given is escaped; a name that a template uses and nobody gives is an error. */
@Injectable()
export class NoticeSheets {
  private readonly templates: ReadonlyMap<Language, Template>;

  constructor(private readonly config: Config) {
    this.templates = new Map(LANGUAGES.map((language) => [language, readTemplate(`warning-notice.${language}.hbs`)]));
  }

  render(order: SheetOrder, language: Language, now: number): Sheet {
    const template = this.templates.get(language);
    if (template === undefined) throw new Error(`there is no notice sheet in ${language}`);
    const nonce = randomBytes(16).toString('base64');
    const html = template({
      ...sheetViewOf(order, language),
      signature: this.config.smsSignature,
      hotline: this.config.serviceHotline,
      printedAt: minuteText(now),
      nonce,
    });
    const contentSecurityPolicy = `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`;
    return { html, contentSecurityPolicy };
  }
}

/** @throws Fault `misconfigured` when the file is missing or no template */
function readTemplate(name: string): Template {
  const file = join(FOLDER, name);
  try {
    const source = readFileSync(file, 'utf8');
    handlebars.precompile(source, { strict: true }); // compile() alone would find a wrong template only at its first use
    return handlebars.compile(source, { strict: true });
  } catch (error) {
    throw new Fault('misconfigured', `The notice sheet ${file} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const handlebars = Handlebars.create();
// Strict mode looks at what is printed, not at what is asked: a misspelt condition would silently be false.
handlebars.registerHelper('if', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
  if (value === undefined) throw new Error('the sheet asks for a name that is not given');
  return value === null || value === '' ? options.inverse(this) : options.fn(this);
});
