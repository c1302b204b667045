import { parse } from 'csv-parse/sync';
import { Dice } from './chance.js';
import { indexBelow } from './city.js';
import type { SimAsset, SimCity, SimCustomer, SimTransformer } from './city.js';
import type { CityFiles } from './city-csv.js';

/** A city whose register exists already as import files: the simulator invents only loads and voltages for it. */
export function cityFromFiles(files: CityFiles, seed: number, shard: string): SimCity {
  const dice = new Dice(seed, 8500);
  const read = (text: string): Record<string, string>[] =>
    parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true });
  const terminals = new Map(read(files.terminals).map((row) => [row.transformer_code ?? '', row.terminal ?? '']));
  const rows = read(files.assets).map((row): SimAsset & { capacityKva: number } => ({
    code: row.code ?? '',
    kind: row.kind as SimAsset['kind'],
    parentCode: row.parent_code ?? '',
    name: row.name ?? '',
    area: row.area ?? '',
    setting: row.setting === 'rural' || row.setting === 'remote' ? row.setting : 'urban',
    owner: row.owner ?? '',
    manager: row.manager ?? '',
    longitude: Number(row.longitude ?? 0),
    latitude: Number(row.latitude ?? 0),
    capacityKva: Number(row.capacity_kva ?? 0) || 100,
  }));
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const feederOf = (code: string): string => {
    const asset = byCode.get(code);
    return asset === undefined || asset.kind === 'feeder' || asset.parentCode === ''
      ? code
      : feederOf(asset.parentCode);
  };
  const transformers = rows
    .filter((row) => row.kind === 'transformer' && terminals.has(row.code))
    .map((row, index): SimTransformer => {
      const imbalance = dice.between(0, 0.15);
      return {
        ...row,
        kind: 'transformer',
        index,
        shard,
        terminal: terminals.get(row.code) ?? '',
        feederCode: feederOf(row.code),
        sectionCode: row.parentCode,
        load: row.setting === 'urban' ? 'residential' : 'village',
        tapPosition: 3,
        noLoadV: 228 + dice.between(-1.2, 2.2),
        lineDropV: dice.between(0, 5),
        peakShare: dice.between(0.35, 0.8),
        sunRiseV: 0,
        phaseShares: [1 + imbalance, 1 - imbalance / 2, 1 - imbalance / 2],
        sendDelayMs: 500 + Math.floor(dice.next() * 39_500),
        customers: [],
      };
    });
  const indexOf = new Map(transformers.map((transformer) => [transformer.code, transformer]));
  const customers: SimCustomer[] = [];
  for (const row of read(files.customers)) {
    const transformer = indexOf.get(row.transformer_code ?? '');
    if (transformer === undefined) continue;
    const index = customers.length;
    transformer.customers.push(index);
    customers.push({
      index,
      accountNo: row.account_no ?? '',
      name: row.name ?? '',
      transformer: transformer.index,
      phase: (row.phase ?? '') === '' ? 'ABC' : (row.phase as SimCustomer['phase']),
      category: (row.category ?? '') === '' ? 'residential' : (row.category as SimCustomer['category']),
      importance: Number(row.importance ?? 0),
      mobile: row.mobile ?? '',
      landline: row.landline ?? '',
      address: row.address ?? '',
      remoteSwitch: row.remote_switch === 'yes',
      sms: row.sms !== 'no',
    });
  }
  const assets = rows.filter((row) => row.kind !== 'transformer');
  return { seed, utcOffsetMinutes: 480, assets, transformers, customers, below: indexBelow(assets, transformers) };
}
