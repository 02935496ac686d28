import { z } from 'zod';
import { FIELD_WORDS } from './field-words.ts';

/** JSON Schema 2020-12, as OpenAPI 3.1 embeds it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema reads (`input`), or what it tells (`output`). */
export function jsonSchemaOf(
  shape: z.ZodType,
  io: 'input' | 'output',
  passesUnknown = false,
): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (passesUnknown && jsonSchema.additionalProperties === false) {
        delete jsonSchema.additionalProperties;
      }
      // What every JSON number is confined to anyway.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum;
      }
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
        delete jsonSchema.minimum;
      }
      // It says the same twice.
      if (jsonSchema.format !== undefined) {
        delete jsonSchema.pattern;
      }
    },
  });
  return withWords(schema);
}

/** Says what each field holds, at whatever depth it stands. */
function withWords(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).map(([name, value]) =>
    name === 'properties' ? [name, describedIn(value as JsonSchema)] : [name, nested(value)],
  );
  return Object.fromEntries(entries) as JsonSchema;
}

function describedIn(properties: JsonSchema): JsonSchema {
  const described = Object.entries(properties).map(([name, field]) => {
    const words = FIELD_WORDS[name];
    const inner = withWords(field as JsonSchema);
    return [name, words === undefined ? inner : { description: words, ...inner }];
  });
  return Object.fromEntries(described) as JsonSchema;
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(nested);
  }
  return typeof value === 'object' && value !== null ? withWords(value as JsonSchema) : value;
}

/** Whether a schema reads nothing at all. */
export function readsNothing(shape: z.ZodType): boolean {
  return shape instanceof z.ZodUnknown;
}

/** The fields of an object, whatever it is wrapped in; undefined where it is none. */
export function fieldsIn(
  shape: z.ZodType,
): readonly (readonly [name: string, field: z.ZodType])[] | undefined {
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable) {
    const inner = shape.unwrap();
    return inner instanceof z.ZodType ? fieldsIn(inner) : undefined;
  }
  return shape instanceof z.ZodObject ? Object.entries<z.ZodType>(shape.shape) : undefined;
}

/** Whether a request must give it. */
export function isNeeded(field: z.ZodType): boolean {
  return !field.safeParse(undefined).success;
}
