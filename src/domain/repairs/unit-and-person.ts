/** Who answers, as far as it is on record. */
export interface Answerable {
  unit: string | null;
  person: string | null;
}

/** What names of units end with; no name of a person of three characters or more does. */
const UNIT =
  /.{2}(?:局|所|公司|中心|班组|班|队|站|厅|车间|部门)$|^(?:bureau|branch|station|office|team|crew|depot|centre|center|department)$/iu;

/**
 * The register has one field for who owns or manages an asset. People write a person there, a unit, or both (`城东供电所 赵工`): the words
 * up to the last that ends like a unit are the unit, the rest is the person.
 */
export function unitAndPerson(text: string | null): Answerable {
  const words = (text ?? '').split(/[\s,，、;；/]+/u).filter((word) => word !== '');
  const end = words.findLastIndex((word) => UNIT.test(word)) + 1;
  const join = (part: readonly string[]): string | null => (part.length === 0 ? null : part.join(' '));
  return { unit: join(words.slice(0, end)), person: join(words.slice(end)) };
}
