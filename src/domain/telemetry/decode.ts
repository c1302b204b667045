import { rejected } from './decoded.js';
import type { Decoded, DecodeContext } from './decoded.js';
import { DEVICES_FILTERS, decodeDevices, parseDevicesTopic } from './devices-codec.js';
import { decodeNative, parseNativeTopic } from './native-codec.js';

/**
 * Any message -> what it says. The codec is chosen by the topic alone, never by looking at the bytes. Never throws.
 * @param prefix the service's own topics begin with it, for example `dt/v1`
 */
export function decode(topic: string, payload: Buffer, prefix: string, context: DecodeContext): readonly Decoded[] {
  const native = parseNativeTopic(topic, prefix);
  if (native !== null) return [decodeNative(native, payload, context)];
  const devices = parseDevicesTopic(topic);
  if (devices !== null) return decodeDevices(devices, payload, context);
  return [rejected('', null, 'unknown_topic', 'no codec reads this topic')];
}

/** Topic filters of codecs other than the service's own, for the session to subscribe to. */
export const FOREIGN_FILTERS: readonly string[] = DEVICES_FILTERS;
