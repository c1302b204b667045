/** The simulated utility's register: what is imported before anything is published. Indexes are positions in the city's arrays. */

export type CitySize = 'small' | 'medium' | 'large';
export type LoadKind = 'residential' | 'commercial' | 'industrial' | 'village';
export type PhaseName = 'A' | 'B' | 'C';

export interface SimAsset {
  code: string;
  kind: 'substation' | 'feeder' | 'section' | 'transformer';
  parentCode: string;
  name: string;
  area: string;
  setting: 'urban' | 'rural' | 'remote';
  owner: string;
  manager: string;
  longitude: number;
  latitude: number;
}

export interface SimTransformer extends SimAsset {
  kind: 'transformer';
  index: number;
  terminal: string;
  /** Routing level of the topic. */
  shard: string;
  feederCode: string;
  sectionCode: string;
  load: LoadKind;
  capacityKva: number;
  tapPosition: number;
  /** Volts line to neutral at no load: what the tap gives. */
  noLoadV: number;
  /** Volts lost on the way from the substation when the feeder carries its peak. */
  lineDropV: number;
  /** Share of capacity at the daily peak. */
  peakShare: number;
  /** Volts that rooftop panels add at noon on a clear day. */
  sunRiseV: number;
  /** Share of the load on each phase; the three add up to 3. */
  phaseShares: readonly [number, number, number];
  /** When after the full minute its reading is sent. */
  sendDelayMs: number;
  /** Positions of its customers. */
  customers: number[];
}

export interface SimCustomer {
  index: number;
  accountNo: string;
  name: string;
  transformer: number;
  phase: PhaseName | 'ABC';
  category: 'residential' | 'commercial' | 'industrial' | 'important';
  importance: number;
  mobile: string;
  landline: string;
  address: string;
  remoteSwitch: boolean;
  sms: boolean;
}

export interface SimCity {
  seed: number;
  /** Minutes east of UTC: where noon is. */
  utcOffsetMinutes: number;
  /** Substations, feeders and sections, parents first. */
  assets: SimAsset[];
  transformers: SimTransformer[];
  customers: SimCustomer[];
  /** Positions of the transformers below each asset code, the transformer's own code included. */
  below: ReadonlyMap<string, readonly number[]>;
}

/** Positions below every asset, by code. */
export function indexBelow(
  assets: readonly SimAsset[],
  transformers: readonly SimTransformer[],
): Map<string, number[]> {
  const parentOf = new Map(assets.map((asset) => [asset.code, asset.parentCode]));
  const below = new Map<string, number[]>(assets.map((asset) => [asset.code, []]));
  for (const transformer of transformers) {
    below.set(transformer.code, [transformer.index]);
    let code: string | undefined = transformer.parentCode;
    while (code !== undefined && code !== '') {
      below.get(code)?.push(transformer.index);
      code = parentOf.get(code);
    }
  }
  return below;
}

export const transformersBelow = (city: SimCity, code: string): readonly number[] => city.below.get(code) ?? [];

/** The transformer at a position that is known to exist. */
export function transformerAt(city: SimCity, index: number): SimTransformer {
  const transformer = city.transformers[index];
  if (transformer === undefined) throw new Error(`the city has no transformer ${index}`);
  return transformer;
}

/** The customer at a position that is known to exist. */
export function customerAt(city: SimCity, index: number): SimCustomer {
  const customer = city.customers[index];
  if (customer === undefined) throw new Error(`the city has no customer ${index}`);
  return customer;
}
