/** `138****1234`; of a short number only the last two digits are left. Null stays null. */
export function maskNumber(number: string | null): string | null {
  if (number === null) return null;
  return number.length >= 9 ? `${number.slice(0, 3)}****${number.slice(-4)}` : `****${number.slice(-2)}`;
}
