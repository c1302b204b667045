/** Figures of reports as text: null is a dash, never 0. */
export const fixed = (value: number | null, digits: number): string => (value === null ? '—' : value.toFixed(digits));

export const percent = (share: number | null, digits = 2): string =>
  share === null ? '—' : `${(share * 100).toFixed(digits)}\u00A0%`;

interface Band {
  min: number;
  max: number;
}

/** `1.20 – 3.45`; one figure when both ends look the same, nothing when the band adds nothing to the figure itself. */
export function bandText(value: number | null, band: Band | null, write: (value: number) => string): string {
  if (band === null || value === null) return '';
  const [low, high] = [write(band.min), write(band.max)];
  return low === high && low === write(value) ? '' : `${low} – ${high}`;
}

/** The upper end of an axis: the next of 1, 2, 5 times a power of ten. */
export function axisEnd(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5].find((step) => step * power >= most) ?? 10) * power;
}
