/** Why a payment in part starts nothing, and what is missing. Amounts in yuan. */
export interface MissingAmount {
  arrears: number | null;
  penalty: number | null;
  /** `billing`: as billing said with the payment; `records`: bills on record less payments in part since. */
  basis: 'billing' | 'records';
  zh: string;
  en: string;
  source: string;
}

const SOURCE = '供电营业规则 2024: supply is restored after the fees are settled in full (缴清: arrears and penalty)';

const inCents = (yuan: number): number => Math.round(yuan * 100);

/**
 * @param told what billing says is still open; null = it did not say
 * @param owed the unpaid bills on record
 * @param paidSince payments in part, not reversed, since the last payment in full
 */
export function missingAmount(
  told: { arrears: number | null; penalty: number | null },
  owed: readonly number[],
  paidSince: readonly number[],
): MissingAmount {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + inCents(amount), 0);
  const isTold = told.arrears !== null || told.penalty !== null;
  const arrears = isTold ? told.arrears : owed.length === 0 ? null : Math.max(0, sum(owed) - sum(paidSince)) / 100;
  const { penalty } = told;
  const known = [
    ...(arrears === null ? [] : [{ zh: `电费 ${arrears.toFixed(2)} 元`, en: `${arrears.toFixed(2)} yuan of arrears` }]),
    ...(penalty === null
      ? []
      : [{ zh: `违约金 ${penalty.toFixed(2)} 元`, en: `${penalty.toFixed(2)} yuan of penalty` }]),
  ];
  const text = (language: 'zh' | 'en', and: string): string => known.map((part) => part[language]).join(and);
  return {
    arrears,
    penalty,
    basis: isTold ? 'billing' : 'records',
    zh: `未缴清，复电时限不开始；${known.length === 0 ? '尚欠金额以营销系统为准' : `尚欠 ${text('zh', '、')}`}`,
    en: `not paid in full, so no promise starts; ${known.length === 0 ? 'billing knows what is missing' : `missing: ${text('en', ' and ')}`}`,
    source: SOURCE,
  };
}
