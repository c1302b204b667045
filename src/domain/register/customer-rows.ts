import { choice, code, numberOr, optionalChoice, optionalInstant, optionalPhone, text, yesNo } from './column.js';
import type { GivenOf } from './column.js';

const CUSTOMER_CATEGORIES = ['residential', 'commercial', 'industrial', 'important'] as const;
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const CUSTOMER_COLUMNS = {
  account_no: code(),
  name: text(200),
  transformer_code: code(),
  phase: optionalChoice(['A', 'B', 'C', 'ABC']),
  category: choice(CUSTOMER_CATEGORIES, { value: 'residential' }),
  importance: numberOr(0, 0, 100, { whole: true }),
  mobile: optionalPhone(),
  landline: optionalPhone(),
  address: text(300),
  remote_switch: yesNo(false),
  language: choice(LANGUAGES, { value: 'zh-CN' }),
  sms: yesNo(true),
  effective_at: optionalInstant(),
};

export interface RegisteredCustomer {
  accountNo: string;
  name: string;
  transformerCode: string;
  phase: 'A' | 'B' | 'C' | 'ABC' | null;
  category: (typeof CUSTOMER_CATEGORIES)[number];
  importance: number;
  mobile: string | null;
  landline: string | null;
  address: string;
  remoteSwitch: boolean;
  language: Language;
  sms: boolean;
}

/** What the register will hold: what the row gives, else what is there, else the default. */
export function mergeCustomer(
  given: GivenOf<typeof CUSTOMER_COLUMNS>,
  existing: RegisteredCustomer | undefined,
): RegisteredCustomer | { reason: string } {
  if (given.account_no === undefined) return { reason: 'account_no is missing' };
  const transformerCode = given.transformer_code ?? existing?.transformerCode;
  if (transformerCode === undefined) return { reason: 'transformer_code is missing; a new customer needs one' };
  return {
    accountNo: given.account_no,
    name: given.name ?? existing?.name ?? '',
    transformerCode,
    phase: given.phase === undefined ? (existing?.phase ?? null) : given.phase,
    category: given.category ?? existing?.category ?? 'residential',
    importance: given.importance ?? existing?.importance ?? 0,
    mobile: given.mobile === undefined ? (existing?.mobile ?? null) : given.mobile,
    landline: given.landline === undefined ? (existing?.landline ?? null) : given.landline,
    address: given.address ?? existing?.address ?? '',
    remoteSwitch: given.remote_switch ?? existing?.remoteSwitch ?? false,
    language: given.language ?? existing?.language ?? 'zh-CN',
    sms: given.sms ?? existing?.sms ?? true,
  };
}
