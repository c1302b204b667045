import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { LANGUAGES } from '../../domain/register/customer-rows.js';
import type { Language } from '../../domain/register/customer-rows.js';
import { minuteText } from '../../domain/supervision/minute-text.js';
import { sheetViewOf } from '../../domain/supervision/sheet-view.js';
import type { SheetOrder } from '../../domain/supervision/sheet-view.js';
import { readTemplate } from '../../template-file.js';
import type { Template } from '../../template-file.js';

export interface Sheet {
  html: string;
  /** What the page may do: show itself with its own style, nothing else. */
  contentSecurityPolicy: string;
}

/** Sheets for printing, from `templates/notice-sheets`. What they are given is escaped; a name that a template uses and nobody gives is an error. */
@Injectable()
export class NoticeSheets {
  private readonly templates: ReadonlyMap<Language, Template>;

  constructor(private readonly config: Config) {
    this.templates = new Map(
      LANGUAGES.map((language) => [language, readTemplate(`notice-sheets/warning-notice.${language}`, 'html')]),
    );
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
