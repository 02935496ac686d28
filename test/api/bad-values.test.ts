// Values that nobody should send, in every field of every route: told what is wrong, never a mistake of ours.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import type { Route } from '../../src/api/dialect.ts';
import { fieldsIn, readsNothing } from '../../src/api/openapi/schema.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { sampleCall } from './sample-call.ts';
import { openTenants } from './tenants.ts';
import type { Tenants } from './tenants.ts';

let door: Door;
let tenants: Tenants;
beforeAll(async () => {
  door = await openDoor();
  tenants = await openTenants(door);
});
afterAll(async () => door.close());

/** Deeper than any parser of ours recurses. */
const DEEP = '['.repeat(10_000) + ']'.repeat(10_000);
const VALUES = [
  DEEP,
  `{"a":${DEEP}}`,
  JSON.stringify(Array.from({ length: 10_000 }, (_each, at) => at)),
  JSON.stringify(Array.from({ length: 2_000 }, () => ({ user_id: 'same', role: 'user' }))),
  JSON.stringify('x'.repeat(50_000)),
  '"\\u0000"',
  '"\\ud800"',
  '1e308',
  '-1',
  '0.1',
  '9007199254740993',
  'true',
  'null',
  '{}',
  '{"__proto__":{"a":1},"constructor":null}',
  '[]',
  '[null]',
  '""',
];
/** All fields at once have every value; the whole body, and each field alone, these. */
const WHOLE = [DEEP, '[]', '[null]', '"x"', '-1', 'null'];
const ALONE = ['-1', '{"a":[{"b":null}]}'];

/** Each endpoint once, under whichever of its names. */
const ROUTES = [
  ...new Map(
    DIALECTS.flatMap(({ routes }) => routes).map((route) => [route[2], route] as const),
  ).values(),
];
const CHANGES = ROUTES.filter(([method]) => method !== 'GET');
const READS = ROUTES.filter(([method]) => method === 'GET');

const cases = (routes: readonly Route[]) =>
  routes.map((route) => [`${route[0]} ${route[1]}`, route] as const);

test.each(cases(CHANGES.filter(([, , { body }]) => !readsNothing(body))))(
  '%s takes any value',
  async (_name, [method, path, endpoint]) => {
    const { url, body } = sampleCall(path, endpoint, tenants.own);
    const sample = body as Readonly<Record<string, unknown>>;
    const fields = (fieldsIn(endpoint.body) ?? []).map(([name]) => name);
    const bodies = [
      ...WHOLE,
      ...VALUES.map((value) => textOf(fields, () => value)),
      ...fields.flatMap((field) =>
        ALONE.map((value) =>
          textOf(fields, (name) => (name === field ? value : JSON.stringify(sample[name]))),
        ),
      ),
    ];
    const broken: string[] = [];
    for (const text of bodies) {
      const told = await door.ask(method, url, text);
      if (told.status >= 500) {
        broken.push(`${text.slice(0, 80)}: ${told.text.slice(0, 200)}`);
      }
    }
    expect(broken).toEqual([]);
  },
);

/** A body of these fields; what is undefined is left out. */
function textOf(fields: readonly string[], valueOf: (field: string) => string | undefined): string {
  const given = fields.flatMap((field) => {
    const value = valueOf(field);
    return value === undefined ? [] : [`${JSON.stringify(field)}:${value}`];
  });
  return `{${given.join(',')}}`;
}

const WORDS = ['', '-1', '1e999', 'x'.repeat(500), '\u0000', '2026-13-45', '[]', "' OR 1=1 --"];

test.each(cases(READS))('%s takes any query', async (_name, [method, path, endpoint]) => {
  const { url } = sampleCall(path, endpoint, tenants.own);
  const [pathname = ''] = url.split('?');
  const fields = (fieldsIn(endpoint.query) ?? []).map(([name]) => name);
  const broken: string[] = [];
  for (const word of WORDS) {
    for (const some of [fields, ...fields.map((field) => [field])]) {
      const query = new URLSearchParams(some.map((field): [string, string] => [field, word]));
      const told = await door.ask(method, `${pathname}?${query.toString()}`);
      if (told.status >= 500) {
        broken.push(`${query.toString().slice(0, 80)}: ${told.text.slice(0, 200)}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

test.each(cases(ROUTES.filter(([, path]) => path.includes(':'))))(
  '%s takes any word in its path',
  async (_name, [method, path, endpoint]) => {
    const { body } = sampleCall(path, endpoint, tenants.own);
    const broken: string[] = [];
    for (const word of ['%00', 'x'.repeat(400), '%F0%9F%98%80', '..%2F..', 'a b', "'--"]) {
      const told = await door.ask(method, path.replaceAll(/:\w+/g, word), body);
      if (told.status >= 500) {
        broken.push(`${word.slice(0, 40)}: ${told.status} ${told.text.slice(0, 200)}`);
      }
    }
    expect(broken).toEqual([]);
  },
);
