export const CHANNELS = ['hotline', 'online', 'regulator', 'government', 'media'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The twelve categories of the Southern Grid's complaint definition. */
export const CATEGORIES = [
  'supply_quality',
  'outage',
  'repair_quality',
  'metering',
  'price_and_fee',
  'reading_and_dunning',
  'meter_installation',
  'connection_works',
  'inspection',
  'service_channel',
  'service_conduct',
  'industry_ethics',
] as const;
export type ComplaintCategory = (typeof CATEGORIES)[number];

export const CATEGORY_NAMES: Readonly<Record<ComplaintCategory, string>> = {
  supply_quality: '供电质量',
  outage: '停电问题',
  repair_quality: '抢修质量',
  metering: '电能计量',
  price_and_fee: '电价电费',
  reading_and_dunning: '抄表催费',
  meter_installation: '装表接电',
  connection_works: '业扩工程',
  inspection: '用电检查',
  service_channel: '服务渠道',
  service_conduct: '服务行为',
  industry_ethics: '行风问题',
};

export const CATEGORY_NAMES_EN: typeof CATEGORY_NAMES = {
  supply_quality: 'supply quality',
  outage: 'an outage',
  repair_quality: 'repair quality',
  metering: 'metering',
  price_and_fee: 'prices and fees',
  reading_and_dunning: 'meter reading and dunning',
  meter_installation: 'meter installation',
  connection_works: 'connection works',
  inspection: 'inspection',
  service_channel: 'service channels',
  service_conduct: 'service conduct',
  industry_ethics: 'ethics',
};
