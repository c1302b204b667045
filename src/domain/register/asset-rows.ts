import { CONNECTIONS } from '../detector.js';
import type { Connection } from '../detector.js';
import {
  choice,
  code,
  optionalChoice,
  optionalCode,
  optionalInstant,
  optionalNumber,
  optionalText,
  text,
} from './column.js';
import type { GivenOf } from './column.js';

export const ASSET_KINDS = ['substation', 'feeder', 'section', 'transformer'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];
export const SETTINGS = ['urban', 'rural', 'remote'] as const;
type Setting = (typeof SETTINGS)[number];

export const ASSET_COLUMNS = {
  code: code(),
  kind: choice(ASSET_KINDS),
  parent_code: optionalCode(),
  name: text(200),
  area: text(100),
  setting: choice(SETTINGS, { value: 'urban' }),
  capacity_kva: optionalNumber(0.1, 1_000_000, { unit: 'kVA' }),
  connection: optionalChoice(CONNECTIONS),
  tap_position: optionalNumber(1, 33, { whole: true }),
  tap_count: optionalNumber(1, 33, { whole: true }),
  tap_step_percent: optionalNumber(0.1, 10, { unit: '%' }),
  longitude: optionalNumber(-180, 180, { unit: 'degrees' }),
  latitude: optionalNumber(-90, 90, { unit: 'degrees' }),
  owner: optionalText(100),
  manager: optionalText(100),
  effective_at: optionalInstant(),
};

export type GivenAsset = GivenOf<typeof ASSET_COLUMNS>;

/** An asset as the register holds it; the parent by its code. */
export interface RegisteredAsset {
  code: string;
  kind: AssetKind;
  parentCode: string | null;
  name: string;
  area: string;
  setting: Setting;
  capacityKva: number | null;
  connection: Connection | null;
  tapPosition: number | null;
  tapCount: number | null;
  tapStepPercent: number | null;
  longitude: number | null;
  latitude: number | null;
  owner: string | null;
  manager: string | null;
}

/** What the register will hold: what the row gives, else what is there, else the default. */
export function mergeAsset(
  given: GivenAsset,
  existing: RegisteredAsset | undefined,
): RegisteredAsset | { reason: string } {
  const { code } = given;
  if (code === undefined) return { reason: 'code is missing' };
  const kind = given.kind ?? existing?.kind;
  if (kind === undefined) return { reason: 'kind is missing; a new asset needs one' };
  if (existing !== undefined && existing.kind !== kind) {
    return { reason: `${code} is a ${existing.kind} already; an asset keeps its kind, use another code` };
  }
  const or = <Value>(value: Value | undefined, before: Value | undefined, otherwise: Value): Value =>
    value === undefined ? (before ?? otherwise) : value;
  const tapPosition = or(given.tap_position, existing?.tapPosition, null);
  const tapCount = or(given.tap_count, existing?.tapCount, null);
  if (tapPosition !== null && tapCount !== null && tapPosition > tapCount) {
    return { reason: `tap_position ${tapPosition} is above tap_count ${tapCount}` };
  }
  return {
    code,
    kind,
    parentCode: or(given.parent_code, existing?.parentCode, null),
    name: or(given.name, existing?.name, '') || code,
    area: or(given.area, existing?.area, ''),
    setting: or(given.setting, existing?.setting, 'urban'),
    capacityKva: or(given.capacity_kva, existing?.capacityKva, null),
    connection: or(given.connection, existing?.connection, null),
    tapPosition,
    tapCount,
    tapStepPercent: or(given.tap_step_percent, existing?.tapStepPercent, null),
    longitude: or(given.longitude, existing?.longitude, null),
    latitude: or(given.latitude, existing?.latitude, null),
    owner: or(given.owner, existing?.owner, null),
    manager: or(given.manager, existing?.manager, null),
  };
}
