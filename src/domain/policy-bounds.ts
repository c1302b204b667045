import { z } from 'zod';
import { PolicySchema } from './policy.js';

/** The parts of JSON Schema that the policy's schema is made of. */
interface Shape {
  type?: string;
  description?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  items?: Shape;
  properties?: Record<string, Shape>;
}

const whole = z.toJSONSchema(PolicySchema, { io: 'input' }) as Shape;

/** What a setting may be, in words: `a number from 0 to 1000`. `outage.ladderHours[0]` says it of one element of the list. */
export function boundsAt(path: string): string {
  const shape = shapeAt(path.replace(/\[\d+\]$/, ''));
  if (shape === null) return 'a setting';
  const names = isSetting(path) ? null : namesIn(path);
  if (names !== null) return `a section with ${names.join(', ')}`;
  const value = valueOf(shape);
  return say(path.endsWith(']') ? (value.items ?? {}) : value);
}

/** True when the path is that of one setting, false for sections and for what is not known. */
export const isSetting = (path: string): boolean => {
  const shape = shapeAt(path);
  return shape !== null && (shape.properties === undefined || isLeaf(shape));
};

/** The names in a section (`''` = the top); null when the path leads to no section. */
export function namesIn(path: string): string[] | null {
  const shape = shapeAt(path);
  return shape?.properties === undefined ? null : Object.keys(shape.properties);
}

function shapeAt(path: string): Shape | null {
  let shape: Shape | undefined = whole;
  for (const name of path === '' ? [] : path.split('.')) shape = shape?.properties?.[name];
  return shape ?? null;
}

const isLeaf = ({ properties }: Shape): boolean => properties?.value !== undefined && properties.source !== undefined;

const valueOf = (shape: Shape): Shape => (isLeaf(shape) ? (shape.properties?.value ?? {}) : shape);

function say(shape: Shape): string {
  if (shape.enum !== undefined) return `one of ${shape.enum.join(', ')}`;
  if (shape.type === 'array') return `a list of at least ${shape.minItems ?? 0}, each ${say(shape.items ?? {})}`;
  if (shape.type === 'string') return shape.description ?? 'text';
  if (shape.type === 'boolean') return 'true or false';
  const noun = shape.type === 'integer' ? 'a whole number' : 'a number';
  const from =
    shape.exclusiveMinimum === undefined
      ? shape.minimum === undefined
        ? ''
        : ` from ${shape.minimum}`
      : ` above ${shape.exclusiveMinimum}`;
  if (shape.exclusiveMaximum !== undefined)
    return `${noun}${from}${from === '' ? '' : ' and'} below ${shape.exclusiveMaximum}`;
  // Zod writes the largest safe integer where a schema sets no upper bound.
  if (shape.maximum === undefined || shape.maximum === Number.MAX_SAFE_INTEGER) return `${noun}${from}`;
  return `${noun}${from} ${from.startsWith(' from') ? 'to' : 'and at most'} ${shape.maximum}`;
}
