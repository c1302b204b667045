import type { Dice } from './chance.js';
import { customerAt, transformerAt } from './city.js';
import type { SimCity, SimCustomer } from './city.js';
import { sayComplaint } from './complaint-text.js';
import type { Grievance } from './complaint-text.js';
import type { ArrearsCase, Incident, SimComplaint, TruthLink } from './incident.js';
import { localMinute } from './load-curve.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const CHANNELS = [
  'hotline',
  'hotline',
  'hotline',
  'hotline',
  'hotline',
  'hotline',
  'online',
  'online',
  'government',
  'regulator',
  'media',
] as const;

interface Caller {
  city: SimCity;
  customer: SimCustomer | null;
  at: number;
  beganAt: number;
  grievance: Grievance;
  cause: TruthLink | null;
}

/** One complaint as the call centre's system would hand it over. Most name the account, some only a number or a place, a few name it wrongly. */
export function makeComplaint(externalId: string, caller: Caller, dice: Dice): SimComplaint {
  const { city, customer, at } = caller;
  const place = customer === null ? '市区' : customer.address;
  const slots = {
    place: dice.happens(0.6) ? place : place.replace(/\d+(栋|号).*$/, ''),
    sinceMs: at - caller.beganAt,
    beganHour: Math.floor(localMinute(caller.beganAt, city.utcOffsetMinutes) / 60),
    beganToday: localDay(caller.beganAt, city) === localDay(at, city),
    accountNo: customer?.accountNo ?? '',
  };
  const who = dice.next();
  const identity: Record<string, unknown> =
    customer === null
      ? { callerPhone: strangerPhone(dice) }
      : who < 0.6
        ? { accountNo: customer.accountNo, ...(customer.mobile === '' ? {} : { callerPhone: customer.mobile }) }
        : who < 0.82 && customer.mobile !== ''
          ? { callerPhone: customer.mobile }
          : who < 0.95
            ? { address: customer.address, callerPhone: strangerPhone(dice) }
            : {
                accountNo: misread(customer.accountNo, dice),
                callerPhone: customer.mobile === '' ? strangerPhone(dice) : customer.mobile,
              };
  return {
    externalId,
    at,
    customer: customer?.index ?? null,
    cause: caller.cause,
    body: {
      externalId,
      channel: dice.pick(CHANNELS),
      ...identity,
      text: sayComplaint(caller.grievance, slots, dice),
      receivedAt: at,
    },
  };
}

const localDay = (t: number, city: SimCity): number => Math.floor((t / MINUTE_MS + city.utcOffsetMinutes) / 1440);

const strangerPhone = (dice: Dice): string => `198${String(dice.whole(0, 99_999_999)).padStart(8, '0')}`;

/** Two digits changed places, as on the telephone. */
function misread(accountNo: string, dice: Dice): string {
  const n = dice.whole(2, accountNo.length - 2);
  return accountNo.slice(0, n) + (accountNo[n + 1] ?? '') + (accountNo[n] ?? '') + accountNo.slice(n + 2);
}

/** Who complains about an incident, how soon, in which order. `share` of the customers hit call, `most` of them at most. */
export function complaintsAbout(
  city: SimCity,
  incident: Incident,
  dice: Dice,
  options: { share?: number; most?: number; prefix?: string } = {},
): SimComplaint[] {
  if (incident.kind === 'silence' || incident.kind === 'clock') return [];
  const parts = incident.kind === 'outage' ? incident.parts : [incident];
  const customers = parts.flatMap((part) =>
    transformerAt(city, part.transformer).customers.map((index) => ({ index, part })),
  );
  const count = Math.min(options.most ?? 8, Math.max(1, Math.round(customers.length * (options.share ?? 0.01))));
  const complaints = dice.sample(customers, count).map(({ index, part }, n) => {
    // The first caller is quicker than the telemetry: he looks out of the window.
    const after =
      n === 0 && incident.kind === 'outage'
        ? dice.between(1_000, 15_000)
        : dice.between(2 * MINUTE_MS, Math.max(6 * MINUTE_MS, (part.to - part.from) * 0.9));
    const at = Math.floor(part.from + Math.min(after, 11 * HOUR_MS));
    const cause: TruthLink = { type: incident.kind === 'outage' ? 'outage' : 'voltage', id: incident.id };
    return makeComplaint(
      `${options.prefix ?? 'C'}-${incident.id}-${n + 1}`,
      {
        city,
        customer: customerAt(city, index),
        at,
        beganAt: part.from,
        grievance: grievanceOf(incident, at - part.from),
        cause,
      },
      dice,
    );
  });
  return complaints.sort((a, b) => a.at - b.at);
}

function grievanceOf(incident: Exclude<Incident, { kind: 'silence' | 'clock' }>, sinceMs: number): Grievance {
  if (incident.kind === 'voltage') return incident.fault;
  if (incident.nature !== 'fault') return 'planned_outage';
  return sinceMs > 4 * HOUR_MS ? 'long_outage' : 'outage';
}

/** The customer who paid and sits in the dark. */
export function complaintAboutCase(city: SimCity, arrears: ArrearsCase, at: number, dice: Dice): SimComplaint {
  const customer = customerAt(city, arrears.customer);
  const cause: TruthLink = { type: 'disconnection', id: arrears.externalId };
  return makeComplaint(
    `C-${arrears.externalId}`,
    { city, customer, at, beganAt: arrears.paidAt ?? arrears.cutAt, grievance: 'not_reconnected', cause },
    dice,
  );
}

/** A complaint about something the service knows nothing of. */
export function unrelatedComplaint(city: SimCity, externalId: string, at: number, dice: Dice): SimComplaint {
  const customer = dice.happens(0.8) ? dice.pick(city.customers) : null;
  return makeComplaint(
    externalId,
    { city, customer, at, beganAt: at - HOUR_MS, grievance: 'other', cause: null },
    dice,
  );
}
