import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { Fault } from './fault.js';

/** The same step up from `src/` and from `dist/`. */
const FOLDER = join(import.meta.dirname, '..', 'templates');

export type Template = (view: object) => string;

/** `html`: what the template is given is escaped. */
type Output = 'html' | 'text';

/**
 * Reads `templates/<name>.hbs`.
 * @throws Fault `misconfigured` when the file is missing or no template
 */
export function readTemplate(name: string, output: Output): Template {
  const file = join(FOLDER, `${name}.hbs`);
  try {
    return compileTemplate(readFileSync(file, 'utf8'), output);
  } catch (error) {
    throw new Fault('misconfigured', `The template ${file} cannot be used: ${(error as Error).message}`, {
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
export function compileTemplate(source: string, output: Output): Template {
  const program = handlebars.parse(source); // compile() alone would find a wrong template only at its first use
  return handlebars.compile(program, { strict: true, noEscape: output === 'text' });
}
