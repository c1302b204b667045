import { parseInstant } from '../instants.js';
import { NOTHING, rejected } from './decoded.js';
import type { Decoded, DecodeContext, Reading, Rejection } from './decoded.js';
import { elementText, isObject, parsePayload, Refused } from './payload.js';
import type { JsonObject } from './payload.js';
import { decodeReading } from './reading-codec.js';

/** Gateways of this lineage send up to 64 KB; the service takes what its other topics take. */
const LIMIT_BYTES = 16_384;
const TERMINAL = /^[\w.:-]{1,64}$/;

/**
 * `devices[].services[]`: the JSON of `/v1/devices/{gateway}/datas` (camel case) and of IoTDA's
 * `$oc/devices/{id}/sys/properties/report` and `…/sys/gateway/sub_devices/properties/report` (snake case).
 */
export interface DevicesTopic {
  /** The gateway or device that the topic names: it is trusted for the devices below it. */
  device: string;
  form: 'device' | 'gateway';
}

const TOPICS: readonly { pattern: RegExp; form: DevicesTopic['form'] }[] = [
  { pattern: /^\/v1\/devices\/([^/+#]+)\/datas$/, form: 'gateway' },
  { pattern: /^\$oc\/devices\/([^/+#]+)\/sys\/properties\/report$/, form: 'device' },
  { pattern: /^\$oc\/devices\/([^/+#]+)\/sys\/gateway\/sub_devices\/properties\/report$/, form: 'gateway' },
];

/** The subscriptions this codec needs. */
export const DEVICES_FILTERS: readonly string[] = [
  '/v1/devices/+/datas',
  '$oc/devices/+/sys/properties/report',
  '$oc/devices/+/sys/gateway/sub_devices/properties/report',
];

export function parseDevicesTopic(topic: string): DevicesTopic | null {
  for (const { pattern, form } of TOPICS) {
    const device = pattern.exec(topic)?.[1];
    if (device !== undefined && TERMINAL.test(device)) return { device, form };
  }
  return null;
}

/** Names seen in such payloads, lower case -> our measurement: plain ones, and the IEC 61850-like ones. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ua: 'ua', ub: 'ub', uc: 'uc', phv_phsa: 'ua', phv_phsb: 'ub', phv_phsc: 'uc',
    ia: 'ia', ib: 'ib', ic: 'ic', in: 'in', a_phsa: 'ia', a_phsb: 'ib', a_phsc: 'ic', a_neut: 'in',
    p: 'p', q: 'q', pf: 'pf', f: 'f', totw: 'p', totvar: 'q', totpf: 'pf', hz: 'f',
    temp: 'temp', tmp: 'temp', sid: 'sid', seq: 'seq', tq: 'tq',
  }),
); // prettier-ignore

const COMPACT_INSTANT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.?(\d{3}))?Z$/;

/** `20250101T000000Z`, RFC 3339, or epoch milliseconds. */
function eventTime(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = COMPACT_INSTANT.exec(value);
  if (match === null) return parseInstant(value) ?? value;
  const [, year, month, day, hour, minute, second, ms = '0'] = match;
  return Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(ms),
  );
}

/** Never throws, whatever the bytes are. One result for each device that the message speaks of. */
export function decodeDevices(topic: DevicesTopic, payload: Buffer, context: DecodeContext): Decoded[] {
  if (context.retained) return [rejected(topic.device, null, 'retained', 'a report must not be published as retained')];
  const parsed = parsePayload(payload, LIMIT_BYTES);
  if (parsed instanceof Refused) return [rejected(topic.device, null, parsed.reason, parsed.detail)];
  const { value } = parsed;
  if (!isObject(value)) return [rejected(topic.device, null, 'missing_field', 'the payload must be an object')];
  if (topic.form === 'device') return [decodeServices(topic.device, value.services, context)];
  if (!Array.isArray(value.devices) || value.devices.length === 0)
    return [rejected(topic.device, null, 'missing_field', 'devices is missing')];
  return value.devices.map((device: unknown) => {
    const id = isObject(device) ? (device.deviceId ?? device.device_id) : undefined;
    if (!isObject(device) || typeof id !== 'string' || !TERMINAL.test(id)) {
      const refused = rejected(topic.device, null, 'missing_field', 'a device without a usable deviceId');
      return { ...refused, rejections: [{ ...refused.rejections[0]!, element: wrapped(device) }] };
    }
    return decodeServices(id, device.services, context);
  });
}

/** The element in the envelope of its topic, so that it can be sent through again as it is. */
const wrapped = (device: unknown): string | null => elementText({ devices: [device] });

/** Services of one device with the same event time make one reading: voltage and current often come as two services. */
function decodeServices(terminal: string, services: unknown, context: DecodeContext): Decoded {
  if (!Array.isArray(services) || services.length === 0)
    return rejected(terminal, null, 'missing_field', 'services is missing');
  const merged = new Map<unknown, Record<string, unknown>>();
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  let ignoredNames = 0;
  for (const service of services as unknown[]) {
    const data = isObject(service) ? (service.data ?? service.properties) : undefined;
    if (!isObject(service) || !isObject(data)) {
      rejections.push({ reason: 'missing_field', detail: 'a service without data', element: null });
      continue;
    }
    const ts = eventTime(service.eventTime ?? service.event_time);
    const source = merged.get(ts) ?? { ts };
    merged.set(ts, source);
    ignoredNames += translate(data, source);
  }
  for (const source of merged.values()) {
    const decoded = decodeReading(source, terminal, context);
    if (decoded instanceof Refused) rejections.push({ reason: decoded.reason, detail: decoded.detail, element: null });
    else readings.push(decoded.reading);
  }
  return {
    terminal,
    shard: null,
    live: true,
    readings,
    events: NOTHING,
    state: null,
    reply: null,
    rejections,
    ignoredNames,
  };
}

/** @returns how many names meant nothing */
function translate(data: JsonObject, into: Record<string, unknown>): number {
  let ignored = 0;
  for (const [name, value] of Object.entries(data)) {
    const ours = NAMES.get(name.toLowerCase());
    if (ours === undefined) ignored += 1;
    else into[ours] = value;
  }
  return ignored;
}
