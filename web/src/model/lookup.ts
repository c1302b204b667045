/** What a person looks up: an account by its number, or things of the network by a part of their code or name. */
export type Lookup = { kind: 'account'; accountNo: string } | { kind: 'network'; q: string };

/** Only digits, at least six of them, is an account number: callers read theirs out in groups, so spaces and dashes are dropped. */
export function lookupOf(text: string): Lookup | null {
  const q = text.trim();
  if (q === '') return null;
  const digits = q.replaceAll(/[\s-]/g, '');
  return /^\d{6,20}$/.test(digits) ? { kind: 'account', accountNo: digits } : { kind: 'network', q };
}
