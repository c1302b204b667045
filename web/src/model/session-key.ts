/** `#key=…` in the address, as the demo prints it; null when the address holds none. */
export function keyInHash(hash: string): string | null {
  const key = new URLSearchParams(hash.replace(/^#/, '')).get('key')?.trim() ?? '';
  return key === '' ? null : key;
}
