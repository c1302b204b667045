import type { SimCity } from './city.js';

/** The three import files of a city, as the interface names their columns. */
export interface CityFiles {
  assets: string;
  terminals: string;
  customers: string;
}

const cell = (value: string | number): string => {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One CSV text: header row and rows, LF line ends. */
export const csvOf = (header: string, rows: Iterable<readonly (string | number)[]>): string =>
  [header, ...Array.from(rows, (row) => row.map(cell).join(','))].join('\n') + '\n';

const ASSET_HEADER =
  'code,kind,parent_code,name,area,setting,capacity_kva,tap_position,tap_count,tap_step_percent,longitude,latitude,owner,manager';

export function cityFiles(city: SimCity): CityFiles {
  const upper = city.assets.map((a) => [
    a.code,
    a.kind,
    a.parentCode,
    a.name,
    a.area,
    a.setting,
    '',
    '',
    '',
    '',
    a.longitude,
    a.latitude,
    a.owner,
    a.manager,
  ]);
  const leaves = city.transformers.map((t) => [
    t.code,
    t.kind,
    t.parentCode,
    t.name,
    t.area,
    t.setting,
    t.capacityKva,
    t.tapPosition,
    5,
    2.5,
    t.longitude,
    t.latitude,
    t.owner,
    t.manager,
  ]);
  return {
    assets: csvOf(ASSET_HEADER, [...upper, ...leaves]),
    terminals: csvOf(
      'terminal,transformer_code,interval_seconds',
      city.transformers.map((t) => [t.terminal, t.code, 60]),
    ),
    customers: csvOf(
      'account_no,name,transformer_code,phase,category,importance,mobile,landline,address,remote_switch,language,sms',
      city.customers.map((c) => [
        c.accountNo,
        c.name,
        city.transformers[c.transformer]?.code ?? '',
        c.phase,
        c.category,
        c.importance,
        c.mobile,
        c.landline,
        c.address,
        c.remoteSwitch ? 'yes' : 'no',
        'zh-CN',
        c.sms ? 'yes' : 'no',
      ]),
    ),
  };
}
