// Requests made up out of the OpenAPI document: such as a client may send, and such as none should.

import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonSchema } from '../../src/api/openapi/schema.ts';
import type { Operation } from './documented.ts';

/** Values that fields of these names have in the records, so that some requests are about what is there. */
export type Names = Readonly<Record<string, readonly string[]>>;

export interface MadeUp {
  readonly url: string;
  /** Text goes as it is. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Longer than any name may be, and with what databases, headers and terminals stumble over. */
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '../..',
  '%00',
  "'; --",
  '𝔘\u202e',
  '-1',
  'null',
  'x'.repeat(600),
];
const ODD_NUMBERS = [0, -1, -0, 0.1, 1e-9, 2 ** 31, 2 ** 53, 1e30, -1e30];
const DEPTH_MAX = 4;

/** A request for an operation. */
export function madeUp({ route, parameters, body }: Operation, names: Names): Arbitrary<MadeUp> {
  const [method, path] = route;
  const places = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  const search = parameters.filter((each) => each.in === 'query');
  const known = (name: string): Names => ({ [name]: names[placeName(path, name)] ?? [] });
  return fc
    .record({
      ids: fc.tuple(...places.map((name) => textOf({}, known(name), name))),
      query: objectOf(
        Object.fromEntries(search.map(({ name, schema }) => [name, schema])),
        search.filter(({ required }) => required).map(({ name }) => name),
        names,
        0,
      ),
      body: body === undefined ? fc.constant(undefined) : bodyOf(body, names),
      headers: method === 'GET' ? fc.constant({}) : headers(),
    })
    .map(({ ids, query, ...rest }) => {
      const filled = places.reduce(
        (url, name, at) => url.replace(`:${name}`, encodeURIComponent(ids[at] || 'none')),
        path,
      );
      const asked = Object.entries(query).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      const text = new URLSearchParams(asked).toString();
      return { url: text === '' ? filled : `${filled}?${text}`, ...rest };
    });
}

/** What `:id` means at a path is the thing that stands before it. */
function placeName(path: string, name: string): string {
  const before =
    path
      .slice(0, path.indexOf(`/:${name}`))
      .split('/')
      .at(-1) ?? '';
  return name === 'id' ? `${before.replace(/s$/, '')}_id` : name;
}

function headers(): Arbitrary<Record<string, string>> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ 'idempotency-key': 'the same' }) },
    { weight: 1, arbitrary: fc.constant({ 'if-match': '"1"' }) },
    { weight: 1, arbitrary: fc.constant({ 'if-match': 'nonsense' }) },
  );
}

function bodyOf(schema: JsonSchema, names: Names): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: valueOf(schema, names) },
    { weight: 2, arbitrary: valueOf(schema, names).chain(spoilt) },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.constantFrom('{', 'nonsense', '\0', '[]', 'null') },
  );
}

/** The same with one field too many, or of another kind. */
function spoilt(value: unknown): Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fc.jsonValue();
  }
  return fc
    .tuple(fc.constantFrom(...Object.keys(value), 'unheard_of'), fc.jsonValue())
    .map(([name, other]) => ({ ...value, [name]: other }));
}

/** A value of a schema; names say what is known of fields that are called so. */
function valueOf(schema: JsonSchema, names: Names, name = '', depth = 0): Arbitrary<unknown> {
  const { type, anyOf, items, properties, required, additionalProperties } = schema as {
    readonly type?: string;
    readonly anyOf?: readonly JsonSchema[];
    readonly items?: JsonSchema;
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: JsonSchema | false;
  };
  if (schema['const'] !== undefined || Array.isArray(schema['enum'])) {
    return fc.constantFrom(...((schema['enum'] as unknown[] | undefined) ?? [schema['const']]));
  }
  if (anyOf !== undefined) {
    return fc.oneof(...anyOf.map((each) => valueOf(each, names, name, depth)));
  }
  switch (type) {
    case 'string':
      return textOf(schema, names, name);
    case 'integer':
      return numberOf(schema, fc.integer({ min: -10, max: 10_000 }));
    case 'number':
      return numberOf(schema, fc.double({ min: -10, max: 10_000, noNaN: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const minLength = Number(schema['minItems'] ?? 0);
      const maxLength = Math.max(minLength, depth < DEPTH_MAX ? 3 : 0);
      return fc.array(valueOf(items ?? {}, names, name, depth + 1), { minLength, maxLength });
    }
    case 'object':
      return properties === undefined
        ? fc.dictionary(
            fc.string({ minLength: 1, maxLength: 8 }),
            valueOf(additionalProperties || {}, names, '', depth + 1),
            { maxKeys: 3 },
          )
        : objectOf(properties, required ?? [], names, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  names: Names,
  depth: number,
): Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    valueOf(schema, names, name, depth + 1),
  ]);
  return fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
}

const FORMATS: Readonly<Record<string, Arbitrary<string>>> = {
  'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uuid: fc.uuid(),
};

function textOf(schema: JsonSchema, names: Names, name: string): Arbitrary<string> {
  const known = names[name] ?? [];
  const format = FORMATS[String(schema['format'])];
  return fc.oneof(
    ...(known.length === 0 ? [] : [{ weight: 8, arbitrary: fc.constantFrom(...known) }]),
    ...(format === undefined ? [] : [{ weight: 8, arbitrary: format }]),
    { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9-]{1,12}$/) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  );
}

function numberOf(schema: JsonSchema, usual: Arbitrary<number>): Arbitrary<number> {
  const [min, max] = [Number(schema['minimum'] ?? 1), Number(schema['maximum'] ?? 100)];
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.integer({ min: Math.ceil(min), max: Math.floor(Math.max(min, max)) }),
    },
    { weight: 2, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  );
}
