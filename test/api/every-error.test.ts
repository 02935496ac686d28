// Every error that the OpenAPI document names for a route is met by a request here: for each status one way to bring it
// about, asked of all routes that may answer it. The door holds each answer against its documentation.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf } from '../../src/api/answered-once.ts';
import TRIED from '../../src/api/openapi/examples.json' with { type: 'json' };
import { fieldsIn } from '../../src/api/openapi/schema.ts';
import { answeredOnce } from '../../src/core/answered-once.ts';
import type { Caller } from '../../src/core/permission/caller.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import type { Postgres } from '../../src/storage/postgres/client.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { OPERATIONS } from './documented.ts';
import type { Operation } from './documented.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';
import { openManagement } from './management.ts';
import type { Management } from './management.ts';
import { sampleCall } from './sample-call.ts';
import { openTenants } from './tenants.ts';
import type { Tenant, Tenants } from './tenants.ts';

let door: Door;
let tenants: Tenants;
/** Where nothing was made yet. */
let empty: Door;
/** The same door while its records are away. */
let lame: Management;
let nowhere: Postgres;
/** A key that may be used from another address only. */
let keyForElsewhere: string;
beforeAll(async () => {
  [door, empty] = await Promise.all([openDoor(), openDoor()]);
  tenants = await openTenants(door);
  nowhere = connectPostgres('postgres://nobody:nothing@127.0.0.1:1/none');
  lame = await openManagement({ ...door.stores, records: createRecords(nowhere) });
  const team = { organization_id: 'acme', team_id: 'once', access_groups: ['gpt-models'] };
  await door.ask('POST', '/api/teams/create', team, IN_USE);
  const elsewhere = { team_id: 'once', addresses: ['203.0.113.7'] };
  const key = await door.ask('POST', '/api/keys/create', elsewhere);
  keyForElsewhere = key.json.virtual_key;
});
afterAll(async () => {
  await lame.close();
  await Promise.all([door.close(), empty.close(), nowhere.$disconnect()]);
});

const ADMIN: Caller = { role: 'owner', actor: { id: 'api:admin', door: 'api' } };
const IN_USE = { 'idempotency-key': 'in use' };
/** What a door of these tests takes. */
const BODY_MAX_BYTES = 64 * 1024;
const MODEL = {
  model_alias: 'm',
  provider: 'openai',
  actual_model: 'gpt-4o',
  access_groups: ['none'],
};
const NOBODY: Tenant = {
  organizationId: 'nobody',
  teamId: 'nobody',
  keyId: '00000000-0000-4000-8000-000000000000',
  userId: 'nobody',
  endUserId: 'nobody',
};
/** What names a row that is not there, where the example names none. */
const NOWHERE: Readonly<Record<string, object>> = {
  'POST /api/models/create': MODEL,
  'POST /api/model-aliases/create': MODEL,
  'POST /key/generate': { organization_id: 'nobody' },
  'POST /key/service-account/generate': { team_id: 'acme-prod', budget_id: 'nobody' },
  'POST /organization/new': { organization_alias: 'x', budget_id: 'nobody' },
  'POST /user/new': { organizations: ['nobody'] },
  'POST /user/update': { user_id: 'x', organizations: ['nobody'] },
  'POST /customer/new': { user_id: 'x', organization_id: 'nobody' },
  'POST /end_user/new': { user_id: 'x', organization_id: 'nobody' },
};
/** More wrong passwords than anybody may try. */
const TRIES = 30;

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}
type Headers = Readonly<Record<string, string>>;
type Recipe = (operation: Operation) => Promise<Told | undefined>;

/** What the document gives as its example: nothing is wrong with it. */
function exampleOf({ route: [method, path] }: Operation): Request {
  const tried = (TRIED as Readonly<Record<string, Example>>)[`${method} ${path}`];
  const search = new URLSearchParams(tried?.query).toString();
  const url = `${tried?.url}${search === '' ? '' : `?${search}`}`;
  return { method, url, body: tried?.body };
}
interface Example {
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function ask(at: Management, { method, url, body }: Request, headers: Headers = {}) {
  return at.ask(method, url, body, headers);
}

function asMember(): Headers {
  return { authorization: `Bearer ${tenants.credentials.get('member')}` };
}

const RECIPES: Readonly<Record<number, readonly Recipe[]>> = {
  400: [async (one) => ask(door, exampleOf(one), { 'idempotency-key': 'k'.repeat(256) })],
  401: [async (one) => ask(door, exampleOf(one), { authorization: '' })],
  403: [async (one) => ask(door, exampleOf(one), { authorization: `Bearer ${keyForElsewhere}` })],
  404: [
    async (one) => {
      const { method, url, body } = exampleOf(one);
      const named = NOWHERE[`${method} ${url}`];
      return named === undefined
        ? ask(empty, { method, url, body })
        : ask(door, { method, url, body: named });
    },
    async ({ route: [method, path, endpoint] }) =>
      ask(empty, { method, ...sampleCall(path, endpoint, NOBODY) }),
    // Who sees all rows is told of none that there is nothing.
    async ({ route: [method, path] }) =>
      ask(door, { method, url: `${path}?team_ids=nobody`, body: undefined }, asMember()),
  ],
  409: [whileInFlight],
  413: [
    async ({ route: [method, path] }) => door.ask(method, path, 'x'.repeat(BODY_MAX_BYTES + 1)),
  ],
  422: [
    async ({ route: [method, path], body }) =>
      body === undefined ? undefined : door.ask(method, path, '"neither an object nor a list"'),
    async (one) => {
      const { method, url, body } = exampleOf(one);
      const given = (fieldsIn(one.route[2].query) ?? []).map(([name]) => `${name}=1&${name}=2`);
      const [path = ''] = url.split('?');
      const twice = `${path}?${[...given, 'no_such_field=1'].join('&')}`;
      return ask(door, { method, url: twice, body }, IN_USE);
    },
  ],
  429: [
    async (one) => {
      let told = await ask(door, exampleOf(one));
      for (let tries = 0; tries < TRIES && told.status !== 429; tries += 1) {
        told = await ask(door, exampleOf(one));
      }
      return told;
    },
  ],
  503: [
    async (one) => ask(lame, exampleOf(one)),
    async (one) => ask(lame, exampleOf(one), asMember()),
  ],
};

/** Asked while the first answer under its key is not there yet. */
async function whileInFlight(one: Operation): Promise<Told> {
  const request = exampleOf(one);
  const { method, url, body } = request;
  const key = `${method} ${one.route[1]}`;
  const first = {
    mark: markOf(ADMIN, key),
    request: `${method} ${url}\0${JSON.stringify(body ?? null)}`,
    notYetInForce: () => ({ status: 503, headers: {}, body: {} }),
  };
  const told: Told[] = [];
  await answeredOnce(door.stores, first, async () => {
    told.push(await ask(door, request, { 'idempotency-key': key }));
    return undefined;
  });
  // Pushed above, in every case.
  return told[0] as Told;
}

/** Met elsewhere, or by nothing that anybody can send. */
const ELSEWHERE: readonly number[] = [
  // test/api/every-change.test.ts: it takes rows of which there is an older version.
  412,
  // A mistake of ours: test/api/refusals.test.ts.
  500,
];

test.each(Object.keys(RECIPES).map(Number))(
  'each route that may answer %i does',
  async (status) => {
    const missed: string[] = [];
    for (const operation of OPERATIONS.filter(({ statuses }) => statuses.includes(status))) {
      const [method, path] = operation.route;
      const told: (number | undefined)[] = [];
      for (const recipe of RECIPES[status] ?? []) {
        if (!told.includes(status)) {
          told.push((await recipe(operation))?.status);
        }
      }
      if (!told.includes(status)) {
        missed.push(`${method} ${path}: ${told.join(', ')}`);
      }
    }
    expect(missed).toEqual([]);
  },
  60_000,
);

test('no status is documented that no test meets', () => {
  const known = new Set([200, ...Object.keys(RECIPES).map(Number), ...ELSEWHERE]);
  const unmet = OPERATIONS.flatMap(({ route: [method, path], statuses }) =>
    statuses.filter((status) => !known.has(status)).map((status) => `${method} ${path}: ${status}`),
  );
  expect(unmet).toEqual([]);
});
