import { InvalidArgumentError, Option } from 'commander';

/** Options that several commands share, each with its default and where it comes from. */

export const urlOption = (): Option =>
  new Option('--url <address>', 'address of the running service')
    .default('http://127.0.0.1:3000')
    .env('LAMPLIGHTER_URL');

export const keyOption = (): Option => new Option('--key <key>', 'API key').env('LAMPLIGHTER_KEY');

export const mqttOption = (): Option =>
  new Option('--mqtt <address>', 'address of the MQTT broker')
    .default('mqtt://127.0.0.1:1883')
    .argParser(brokerAddress)
    .env('LAMPLIGHTER_MQTT');

export const prefixOption = (): Option =>
  new Option('--topic-prefix <prefix>', 'first levels of every topic').default('dt/v1').env('MQTT_TOPIC_PREFIX');

function brokerAddress(text: string): string {
  if (/^(mqtts?|wss?):\/\/[^/\s]+/.test(text)) return text;
  throw new InvalidArgumentError('It must begin with mqtt://, mqtts://, ws:// or wss://.');
}

/** What stands between two slashes of a topic. */
export function topicLevel(text: string): string {
  if (/^[^#+/\s]+$/.test(text)) return text;
  throw new InvalidArgumentError('It must be one level of a topic, without spaces, slashes, + and #.');
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && text.trim() !== '') return value;
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** A number of days, negative ones too: `--shift -30`. */
export function days(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && text.trim() !== '') return value;
  throw new InvalidArgumentError('It must be a number of days, for example 365 or -1.5.');
}

/** `max` = as fast as the broker takes it. */
export function speed(text: string): number {
  if (text === 'max') return Infinity;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0 (1 = as recorded, 60 = a minute per second) or max.');
}

export function timeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('It must be an IANA time zone, for example Asia/Shanghai.');
  }
}
