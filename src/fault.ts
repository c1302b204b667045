/** The kinds of expected failure; each maps to one HTTP status in modules/http/problem.ts and one exit path in main.ts. */
export type FaultCode =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'not_allowed'
  | 'too_large'
  | 'unavailable'
  | 'misconfigured';

/** One part of a rejected input: where it is (JSON pointer style, `body.assets[0].code`) and what is wrong with it. */
export interface InputError {
  path: string;
  message: string;
}

/** What a rule says against a request, in both languages, and where the rule is written. */
export interface BrokenRule {
  rule: string;
  /** The part of the request that it concerns. */
  path: string;
  zh: string;
  en: string;
  source: string;
}

/**
 * An expected failure whose message is written for the person who caused it: it names the fault and the remedy.
 * Anything else that is thrown is a defect and is logged with its stack.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  /** A narrower code of the public contract, for example `disconnection_not_allowed`. */
  readonly problem: string;
  readonly errors: readonly InputError[];

  constructor(
    code: FaultCode,
    message: string,
    options: { problem?: string; errors?: readonly InputError[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.problem = options.problem ?? code;
    this.errors = options.errors ?? [];
  }
}

/** A rule with its parts apart, for programs and for screens in either language. */
export const ruleError = ({ rule, path, zh, en, source }: BrokenRule): InputError & BrokenRule => ({
  path,
  message: `${en} (${zh}); ${source}`,
  rule,
  zh,
  en,
  source,
});

/** A refusal by one rule. @param problem the code for programs where it is not the name of the rule */
export const refusal = (code: FaultCode, broken: BrokenRule, problem: string = broken.rule): Fault =>
  new Fault(code, broken.en, { problem, errors: [ruleError(broken)] });
