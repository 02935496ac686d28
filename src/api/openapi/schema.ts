import { z } from 'zod';

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
      // It says the same twice.
      if (jsonSchema.format !== undefined) {
        delete jsonSchema.pattern;
      }
    },
  });
  return schema;
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
