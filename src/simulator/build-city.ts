import { Dice } from './chance.js';
import { indexBelow } from './city.js';
import type { CitySize, LoadKind, PhaseName, SimAsset, SimCity, SimCustomer, SimTransformer } from './city.js';
import { AREAS, COMPOUNDS, FEEDER_NAMES, GIVEN, SUBSTATION_NAMES, SURNAMES, VILLAGES, WORKSHOPS } from './names.js';

/** How many of each; the products are about 200, 5,000 and 50,000 transformers. */
const SHAPES: Record<
  CitySize,
  { substations: number; feeders: number; sections: number; transformers: number; customers: number }
> = {
  small: { substations: 2, feeders: 4, sections: 5, transformers: 5, customers: 30 },
  medium: { substations: 10, feeders: 10, sections: 5, transformers: 10, customers: 12 },
  large: { substations: 50, feeders: 20, sections: 5, transformers: 10, customers: 4 },
};

const CHINA_STANDARD_TIME_MINUTES = 480;
const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** Builds the register of an invented city; the same size and seed give the same city. */
export function buildCity(size: CitySize, seed: number): SimCity {
  const shape = SHAPES[size];
  const dice = new Dice(seed, shape.substations);
  const assets: SimAsset[] = [];
  const transformers: SimTransformer[] = [];
  const customers: SimCustomer[] = [];
  for (let s = 0; s < shape.substations; s += 1) {
    const substationName = SUBSTATION_NAMES[s % SUBSTATION_NAMES.length] ?? '';
    const substation = asset(
      'substation',
      `S${digits(s + 1, 2)}`,
      '',
      `${ordinal(s, SUBSTATION_NAMES.length)}${substationName}变`,
      s,
      dice,
    );
    assets.push(substation);
    for (let f = 0; f < shape.feeders; f += 1) {
      const number = s * shape.feeders + f;
      const feederName = FEEDER_NAMES[number % FEEDER_NAMES.length] ?? '';
      const feeder = asset(
        'feeder',
        `F${digits(number + 1, 3)}`,
        substation.code,
        `10kV${ordinal(number, FEEDER_NAMES.length)}${feederName}线`,
        number,
        dice,
      );
      assets.push(feeder);
      for (let k = 0; k < shape.sections; k += 1) {
        const section = {
          ...feeder,
          kind: 'section' as const,
          code: `${feeder.code}-${k + 1}`,
          parentCode: feeder.code,
          name: `${feeder.name}${k + 1}号分段`,
        };
        assets.push(section);
        for (let n = 0; n < shape.transformers; n += 1) {
          const place = (k + (n + 1) / shape.transformers) / shape.sections;
          const transformer = makeTransformer(transformers.length, section, feeder, place, dice);
          transformers.push(transformer);
          addCustomers(transformer, customers, shape.customers, dice);
        }
      }
    }
  }
  return {
    seed,
    utcOffsetMinutes: CHINA_STANDARD_TIME_MINUTES,
    assets,
    transformers,
    customers,
    below: indexBelow(assets, transformers),
  };
}

/** Names repeat in large cities; then they are numbered. */
const ordinal = (position: number, names: number): string =>
  position < names ? '' : `${Math.floor(position / names) + 1}`;

const personName = (dice: Dice): string =>
  dice.pick(SURNAMES) + dice.pick(GIVEN) + (dice.happens(0.6) ? dice.pick(GIVEN) : '');

function asset(
  kind: SimAsset['kind'],
  code: string,
  parentCode: string,
  name: string,
  position: number,
  dice: Dice,
): SimAsset {
  const area = AREAS[position % AREAS.length] ?? AREAS[0];
  return {
    code,
    kind,
    parentCode,
    name,
    area: area.name,
    setting: area.setting,
    owner: personName(dice),
    manager: personName(dice),
    longitude: Number((103.8 + dice.between(-0.2, 0.2)).toFixed(5)),
    latitude: Number((25.5 + dice.between(-0.2, 0.2)).toFixed(5)),
  };
}

/** @param place how far along the feeder, 0 at the substation, 1 at the end */
function makeTransformer(
  index: number,
  section: SimAsset,
  feeder: SimAsset,
  place: number,
  dice: Dice,
): SimTransformer {
  const rural = feeder.setting !== 'urban';
  const load: LoadKind = rural
    ? dice.happens(0.85)
      ? 'village'
      : 'industrial'
    : dice.pick(['residential', 'residential', 'residential', 'commercial', 'industrial'] as const);
  const estate =
    load === 'village'
      ? `${dice.pick(VILLAGES)}村${dice.whole(1, 9)}组`
      : load === 'industrial'
        ? dice.pick(WORKSHOPS)
        : dice.pick(COMPOUNDS);
  const overloaded = dice.happens(0.03);
  const sunny = load === 'village' && dice.happens(0.08);
  const imbalance = dice.between(0, 0.18);
  return {
    ...section,
    kind: 'transformer',
    index,
    load,
    code: `T${digits(index + 1, 6)}`,
    parentCode: section.code,
    name: `${estate}${dice.whole(1, 4)}号公变`,
    terminal: `TTU${digits(index + 1, 6)}`,
    shard: AREAS.find((area) => area.name === feeder.area)?.shard ?? AREAS[0].shard,
    feederCode: feeder.code,
    sectionCode: section.code,
    capacityKva: rural ? dice.pick([100, 160, 200]) : dice.pick([315, 400, 500, 630]),
    tapPosition: 3,
    noLoadV: 228 + dice.between(-1.2, 2.2),
    lineDropV: place * (rural ? 6 : 3.5),
    peakShare: overloaded ? dice.between(1.2, 1.4) : dice.between(0.35, 0.8),
    sunRiseV: sunny ? dice.between(8, 11) : 0,
    phaseShares: [1 + imbalance, 1 - imbalance / 2, 1 - imbalance / 2],
    sendDelayMs: 500 + Math.floor(dice.next() * 39_500),
    customers: [],
  };
}

function addCustomers(transformer: SimTransformer, customers: SimCustomer[], average: number, dice: Dice): void {
  const count = dice.whole(Math.ceil(average * 0.6), Math.floor(average * 1.4));
  for (let n = 0; n < count; n += 1) {
    const index = customers.length;
    const category = categoryOf(transformer.load, dice);
    const threePhase = category === 'industrial' || category === 'important';
    const place = transformer.name.replace(/\d+号公变$/, '');
    const door =
      transformer.load === 'village'
        ? `${n + 1}号`
        : transformer.load === 'industrial'
          ? `${n + 1}号车间`
          : `${dice.whole(1, 12)}栋${dice.whole(1, 18)}0${dice.whole(1, 4)}室`;
    const oldPerson = category === 'residential' && dice.happens(0.06);
    customers.push({
      index,
      category,
      transformer: transformer.index,
      accountNo: `06${digits(transformer.index + 1, 5)}${digits(n + 1, 3)}${(index * 7) % 10}`,
      name:
        category === 'residential'
          ? personName(dice)
          : `${place}${dice.pick(['商行', '超市', '加工店', '经营部', '饭店'])}`,
      phase: threePhase ? 'ABC' : ((['A', 'B', 'C'] as const satisfies readonly PhaseName[])[n % 3] ?? 'A'),
      importance: category === 'important' ? 2 : 0,
      mobile: oldPerson ? '' : `199${digits((index * 7919 + 13) % 100_000_000, 8)}`,
      landline: oldPerson ? `0874-3${digits((index * 31) % 1_000_000, 6)}` : '',
      address: `${transformer.area}${place}${door}`,
      remoteSwitch: dice.happens(0.5),
      sms: !oldPerson,
    });
    transformer.customers.push(index);
  }
}

function categoryOf(load: LoadKind, dice: Dice): SimCustomer['category'] {
  if (dice.happens(0.004)) return 'important';
  if (load === 'industrial') return dice.happens(0.7) ? 'industrial' : 'commercial';
  if (load === 'commercial') return dice.happens(0.7) ? 'commercial' : 'residential';
  return dice.happens(0.06) ? 'commercial' : 'residential';
}
