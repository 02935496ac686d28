// Every route of every dialect: bodies of the wrong shape, and rows that are not there, told in the documented way. That
// each is answered as documented, and who is refused, is asked in examples.test.ts and permission-matrix.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { jsonSchemaOf, readsNothing } from '../../src/api/openapi/schema.ts';
import type { JsonSchema } from '../../src/api/openapi/schema.ts';
import { SAAS_ROUTES } from '../../src/api/saas/routes.ts';
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

const READING = DIALECTS.flatMap(({ routes }) => routes).filter(
  ([, , { body }]) => !readsNothing(body),
);

/** The fields of a body that is of one shape; of one that may be of several, none. */
function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const all = (schema['anyOf'] as readonly JsonSchema[] | undefined) ?? [schema];
  const [object = {}, ...others] = all.filter((each) => each['type'] === 'object');
  return (others.length > 0 ? {} : (object['properties'] ?? {})) as Readonly<
    Record<string, JsonSchema>
  >;
}

/** Whether a schema is for texts or numbers, and nothing that is made of others. */
function isPlain(schema: JsonSchema): boolean {
  const kinds = ((schema['anyOf'] as readonly JsonSchema[] | undefined) ?? [schema]).map(
    (each) => each['type'],
  );
  return kinds.every((kind) =>
    ['string', 'integer', 'number', 'boolean', 'null'].includes(String(kind)),
  );
}

/** They may be asked with a body, and need none. */
const WITHOUT_BODY: readonly RegExp[] = [
  /^(POST|PUT) \/api\/(organizations|teams)\/:id\/(suspend|pause|archive|resume)$/,
  /^POST \/api\/keys\/:id\/(rotate|block|unblock)$/,
  /^DELETE \/api\/keys\/:id$/,
  /^POST \/key\/(:key\/)?regenerate$/,
  /^POST \/global\/spend\/end_users$/,
];

describe('a body of the wrong shape', () => {
  test('that is a text is told by every route that reads one', async () => {
    const wrong: string[] = [];
    for (const [method, path] of READING) {
      const told = await door.ask(method, path, '"neither an object nor a list"');
      if (told.status !== 422 || !Array.isArray(told.json.detail)) {
        wrong.push(`${method} ${path}: ${told.status} ${told.text}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('that is null or absent is told by every route but those that documents let go without', async () => {
    const taken: string[] = [];
    const wrong: string[] = [];
    const missing = { loc: ['body'], msg: 'Field required', type: 'missing' };
    for (const [method, path, { body }] of READING) {
      if (body.safeParse(null).success) {
        taken.push(`${method} ${path}`);
        continue;
      }
      for (const sent of ['null', undefined]) {
        const told = await door.ask(method, path, sent);
        if (told.status !== 422 || JSON.stringify(told.json.detail) !== JSON.stringify([missing])) {
          wrong.push(`${method} ${path}: ${told.status} ${told.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(taken.filter((name) => !WITHOUT_BODY.some((each) => each.test(name)))).toEqual([]);
  });

  test('is told field by field, at its place', async () => {
    const wrong: string[] = [];
    const named = READING.map(([method, path, { body }]) => {
      const properties = propertiesOf(jsonSchemaOf(body, 'input'));
      const plain = Object.keys(properties).filter((name) => isPlain(properties[name] ?? {}));
      return { method, path, plain };
    });
    for (const { method, path, plain } of named.filter((each) => each.plain.length > 0)) {
      const bad = Object.fromEntries(plain.map((name) => [name, { not: 'plain' }]));
      const told = await door.ask(method, path, bad);
      const missed = plain.filter((name) => !told.text.includes(`"loc":["body","${name}"]`));
      if (told.status !== 422 || missed.length > 0) {
        wrong.push(`${method} ${path}: ${told.status} ${missed.join(', ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('that is no JSON is told by every route that reads one', async () => {
    const wrong: string[] = [];
    for (const [method, path] of READING) {
      const told = await door.ask(method, path, '{"half": ');
      if (told.status !== 400) {
        wrong.push(`${method} ${path}: ${told.status} ${told.text}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('a row that is not there', () => {
  const NAMING = SAAS_ROUTES.filter(([, path]) => path.includes('/:'));
  /** Where another word of the request is wrong as well, and told first, as documented. */
  const OTHERWISE: Readonly<Record<string, number>> = {
    'GET /api/provider-credentials/organization/:id/provider/:provider': 400,
    'PATCH /api/credits/teams/:id/budget-mode': 400,
  };

  test('is told by every route that names one, with the cure, and nothing is made of it', async () => {
    const none = { organizationId: 'nobody', teamId: 'nobody', keyId: NO_ID, userId: 'nobody' };
    const before = await door.stores.records.audit.search({ limit: 1 });
    const wrong: string[] = [];
    for (const [method, path, endpoint] of NAMING) {
      const { url, body } = sampleCall(path, endpoint, { ...tenants.own, ...none });
      const told = await door.ask(method, url, body);
      const status = OTHERWISE[`${method} ${path}`] ?? 404;
      const { code, cure, detail } = told.json ?? {};
      if (told.status !== status || !code || !cure || typeof detail !== 'string') {
        wrong.push(`${method} ${path}: ${told.status} ${told.text.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await door.stores.records.audit.search({ limit: 1 })).toEqual(before);
  });
});

const NO_ID = '00000000-0000-4000-8000-000000000000';
