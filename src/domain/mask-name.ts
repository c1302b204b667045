/** `张*`: the first character only, however long the name is. */
export function maskName(name: string): string {
  const [first] = Array.from(name);
  return first === undefined ? '' : `${first}*`;
}
