/**
 * How many short messages a text takes (3GPP TS 23.038 and 23.040): 160 GSM-7 septets or 70 UCS-2 units in one message;
 * in a chain each part gives 7 septets or 3 units to the header that joins them (153 and 67).
 */

const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Sent as an escape and a second septet. */
const GSM_EXTENDED = new Set('\f^{}\\[~]|€');

const LIMITS = { 'GSM-7': { single: 160, part: 153 }, 'UCS-2': { single: 70, part: 67 } } as const;

export interface SmsSize {
  encoding: keyof typeof LIMITS;
  /** Septets or 16-bit units, whichever the encoding counts. */
  units: number;
  segments: number;
}

/** The size of a text as the network bills it. One character outside GSM-7 makes the whole text UCS-2. */
export function sizeOf(text: string): SmsSize {
  const characters = Array.from(text); // whole code points: a pair of surrogates is never cut between two parts
  const isGsm = characters.every((character) => GSM_BASIC.has(character) || GSM_EXTENDED.has(character));
  const encoding = isGsm ? 'GSM-7' : 'UCS-2';
  const widths = characters.map((character) => (isGsm ? (GSM_EXTENDED.has(character) ? 2 : 1) : character.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { single, part } = LIMITS[encoding];
  return { encoding, units, segments: units <= single ? 1 : countParts(widths, part) };
}

/** Fills part after part; a character of two units that does not fit any more begins the next one. */
function countParts(widths: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
