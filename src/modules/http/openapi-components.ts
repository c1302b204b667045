import { z } from 'zod';
import { instant } from './fields.js';

export type JsonSchema = Record<string, unknown>;

/**
 * Schemas of the API as JSON Schema 2020-12, which OpenAPI 3.1 embeds as it is. Schemas with `.meta({ id })` become named
 * components; a name whose shapes differ as input and as answer gets two (`Warning`, `WarningInput`).
 */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** @throws Error when two different answer schemas claim one name */
  describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _schema,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (isInstant(zodSchema)) jsonSchema.format = 'date-time';
      },
    });
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
      names.set(name, this.nameFor(name, tidy(definition), io));
    }
    const rename = (value: unknown): unknown => renameReferences(value, names);
    for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
      this.schemas[names.get(name) ?? name] = rename(tidy(definition)) as JsonSchema;
    }
    return rename(tidy(root)) as JsonSchema;
  }

  private nameFor(name: string, definition: JsonSchema, io: 'input' | 'output'): string {
    const known = this.schemas[name];
    const same =
      known === undefined || JSON.stringify(known) === JSON.stringify(renameReferences(definition, new Map()));
    if (same) return name;
    if (io === 'input') return `${name}Input`;
    throw new Error(`two different answers are named ${name}; give each schema its own .meta({ id })`);
  }
}

/** A field made from `instant` keeps its definition when it is given another description, but not its other metadata. */
const isInstant = (schema: z.core.$ZodType): boolean => schema._zod.def === instant._zod.def;

/** The bounds that zod gives every integer say nothing; without them the document can be read. */
function tidy(value: unknown): JsonSchema {
  return walk(value, (object) => {
    if (object.minimum === Number.MIN_SAFE_INTEGER) delete object.minimum;
    if (object.maximum === Number.MAX_SAFE_INTEGER) delete object.maximum;
    if (typeof object.id === 'string') delete object.id; // the component's own name; a property called id is an object
    return object;
  }) as JsonSchema;
}

const DEFINITION = '#/$defs/';

function renameReferences(value: unknown, names: ReadonlyMap<string, string>): unknown {
  return walk(value, (object) => {
    const { $ref } = object;
    if (typeof $ref !== 'string' || !$ref.startsWith(DEFINITION)) return object;
    const name = $ref.slice(DEFINITION.length);
    return { ...object, $ref: `#/components/schemas/${names.get(name) ?? name}` };
  });
}

/** A copy in which each object went through `change`, the innermost first. */
function walk(value: unknown, change: (object: JsonSchema) => JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((part) => walk(part, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part, change)])));
}
