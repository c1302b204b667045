import { CATEGORY_TERMS, ELECTRICITY } from './category-terms.js';
import type { Term } from './category-terms.js';
import { CATEGORIES } from './complaint.js';
import type { ComplaintCategory } from './complaint.js';

export interface Classified {
  category: ComplaintCategory;
  /** 0..1; below about a half a person should look. */
  confidence: number;
  /** The words that spoke for it. */
  terms: string[];
}

/** Confidence never passes this without a word about electricity: attitude and fees exist in every trade. */
const WITHOUT_ELECTRICITY = 0.2;
/** Weight that doubt always has against the best category: one weak word is no proof. */
const DOUBT = 1.5;
/** Texts of strangers longer than this many characters per word about electricity are mostly about something else. */
const CHARACTERS_PER_WORD = 120;

/**
 * A first rule classifier: weighted terms per category. Honest rather than clever: it says how sure it is and why.
 * A text in which it finds nothing is a matter of service_channel (somebody came to the wrong place) with confidence 0.
 * @param aboutElectricity the channel itself says that it is (the utility's own, or the energy regulator's)
 */
export function classify(text: string, aboutElectricity = false): Classified {
  const scores = CATEGORIES.map((category) => ({ category, ...scoreOf(text, CATEGORY_TERMS[category]) })).sort(
    (a, b) => b.score - a.score,
  );
  const [best, second] = scores;
  if (best === undefined || best.score === 0) return { category: 'service_channel', confidence: 0, terms: [] };
  const rival = second?.score ?? 0;
  const share = best.score / (best.score + rival / 2 + DOUBT);
  const confidence = aboutElectricity ? share : amongStrangers(share, text);
  return { category: best.category, confidence: Math.round(confidence * 100) / 100, terms: best.terms };
}

/** Letters to a mayor are about anything: the fewer words about electricity in a long text, the less it is a complaint about it. */
function amongStrangers(share: number, text: string): number {
  const words = ELECTRICITY.reduce((count, pattern) => count + matchesOf(text, pattern).length, 0);
  if (words === 0) return Math.min(WITHOUT_ELECTRICITY, share);
  return share * Math.min(1, (words * CHARACTERS_PER_WORD) / text.length);
}

/** Each term counts once, however often it is repeated: anger is no evidence. */
function scoreOf(text: string, terms: readonly Term[]): { score: number; terms: string[] } {
  const found = terms.flatMap(([pattern, weight]) => {
    const [first] = matchesOf(text, pattern);
    return first === undefined ? [] : [{ first, weight }];
  });
  return {
    score: found.reduce((sum, { weight }) => sum + weight, 0),
    terms: found.map(({ first }) => first),
  };
}

const matchesOf = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([match]) => match);
