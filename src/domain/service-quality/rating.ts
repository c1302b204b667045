import type { Policy } from '../policy.js';

/** So many of so many. */
export interface Rate {
  of: number;
  met: number;
}

export const PARTS = ['dispatch', 'passOn', 'arrival', 'time', 'firstFix', 'callback', 'satisfaction'] as const;
export type Part = (typeof PARTS)[number];

/** Which parts say something about whom. */
export const PARTS_OF = {
  agent: ['dispatch', 'passOn', 'callback', 'satisfaction'],
  crew: ['arrival', 'time', 'firstFix', 'satisfaction'],
  unit: ['dispatch', 'arrival', 'time', 'firstFix', 'callback', 'satisfaction'],
} as const satisfies Record<string, readonly Part[]>;
export type Role = keyof typeof PARTS_OF;

/** A part of the score, 0 to 1, of so many cases. */
export interface PartScore {
  part: Part;
  value: number;
  cases: number;
  weight: number;
}

export interface Rating {
  /** 0 to 100; null when too little can be told. */
  score: number | null;
  stars: 1 | 2 | 3 | 4 | 5 | null;
  /** What the score was made of; what was left out is not here. */
  parts: PartScore[];
}

/**
 * Score = 100 x sum(weight x value) / sum(weight), over the parts of the role with enough cases; none when these carry less than half
 * of the role's weight. Stars by the steps of the policy.
 */
export function rate(
  role: Role,
  values: Partial<Record<Part, { value: number; cases: number }>>,
  policy: Policy['serviceQuality'],
): Rating {
  const all = PARTS_OF[role].reduce((sum, part) => sum + policy.weights[part], 0);
  const parts = PARTS_OF[role].flatMap((part): PartScore[] => {
    const found = values[part];
    if (found === undefined || found.cases < policy.minimumCases || policy.weights[part] === 0) return [];
    return [{ part, ...found, weight: policy.weights[part] }];
  });
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  if (weight === 0 || weight < all / 2) return { score: null, stars: null, parts };
  const share = parts.reduce((sum, part) => sum + part.weight * part.value, 0) / weight;
  const stars = (1 + policy.starsFrom.filter((from) => share >= from).length) as 1 | 2 | 3 | 4 | 5;
  return { score: share * 100, stars, parts };
}

/** 1 when as quick as expected or quicker, else the expected share of the time taken; null when nothing was expected. */
export const timeValue = (actualMinutes: number, expectedMinutes: number): number | null =>
  expectedMinutes <= 0 ? null : actualMinutes <= expectedMinutes ? 1 : expectedMinutes / actualMinutes;
