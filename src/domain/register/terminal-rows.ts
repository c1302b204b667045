import { code, numberOr } from './column.js';
import type { GivenOf } from './column.js';

export const TERMINAL_COLUMNS = {
  terminal: code(['/', '+', '#']), // it is a level of an MQTT topic
  transformer_code: code(),
  interval_seconds: numberOr(60, 1, 86_400, { unit: 's', whole: true }),
};

export interface RegisteredTerminal {
  code: string;
  transformerCode: string;
  intervalSeconds: number;
}

export function mergeTerminal(
  given: GivenOf<typeof TERMINAL_COLUMNS>,
  existing: RegisteredTerminal | undefined,
): RegisteredTerminal | { reason: string } {
  if (given.terminal === undefined) return { reason: 'terminal is missing' };
  const transformerCode = given.transformer_code ?? existing?.transformerCode;
  if (transformerCode === undefined) return { reason: 'transformer_code is missing; a new terminal needs one' };
  return {
    code: given.terminal,
    transformerCode,
    intervalSeconds: given.interval_seconds ?? existing?.intervalSeconds ?? 60,
  };
}
