// Field by field against LiteLLM's own models. The names, types and defaults were read out of its package
// (fixtures/litellm-fields.json says of which version); nothing else of it stands here.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIELDS_NOT_OFFERED } from '../../../src/api/litellm/fields-not-offered.ts';
import { LITELLM_ROUTES } from '../../../src/api/litellm/routes.ts';
import { jsonSchemaOf } from '../../../src/api/openapi/schema.ts';
import type { JsonSchema } from '../../../src/api/openapi/schema.ts';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';
import theirs from './fixtures/litellm-fields.json' with { type: 'json' };
import theirRoutes from './fixtures/litellm-routes.json' with { type: 'json' };

/** `text | null = null`: what is taken, and what holds where nothing is given. */
type Fields = Readonly<Record<string, string>>;

interface Model {
  readonly model: string;
  readonly fields: Fields;
}
const REQUESTS: Readonly<Record<string, Model>> = theirs.requests;
const ANSWERS: Readonly<Record<string, Model>> = theirs.answers;

function isPassedOver(route: string, field: string): boolean {
  return FIELDS_NOT_OFFERED.some(
    ({ fields, at }) => fields.includes(field) && (at === undefined || at.includes(route)),
  );
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole',
  number: 'number',
  boolean: 'flag',
  array: 'list',
  object: 'object',
  null: 'null',
};

/** The kinds of values that a schema takes. */
function kindsOf(schema: JsonSchema): string[] {
  const {
    type,
    anyOf,
    enum: words,
  } = schema as {
    readonly type?: string | readonly string[];
    readonly anyOf?: readonly JsonSchema[];
    readonly enum?: readonly unknown[];
  };
  if (anyOf !== undefined) {
    return anyOf.flatMap(kindsOf);
  }
  if (type === undefined) {
    return words === undefined ? ['any'] : ['text'];
  }
  const kinds = [type].flat().map((each) => WORDS[each] ?? each);
  return kinds.includes('number') ? [...kinds, 'whole'] : kinds;
}

interface Ours {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

function bodyOf(route: string): Ours {
  const [method, path] = route.split(' ');
  const found = LITELLM_ROUTES.find((each) => each[0] === method && each[1] === path);
  const whole = found === undefined ? {} : jsonSchemaOf(found[2].body, 'input');
  const object =
    (whole['anyOf'] as readonly JsonSchema[] | undefined)?.find(
      (each) => each['type'] === 'object',
    ) ?? whole;
  return {
    properties: (object['properties'] ?? {}) as Ours['properties'],
    required: (object['required'] ?? []) as readonly string[],
  };
}

describe.each(Object.entries(REQUESTS))('%s', (route, { fields }) => {
  const { properties, required } = bodyOf(route);

  test('takes every field of LiteLLM, or says why not', () => {
    const missing = Object.keys(fields).filter(
      (field) => properties[field] === undefined && !isPassedOver(route, field),
    );
    expect(missing).toEqual([]);
  });

  test('takes every kind of value that LiteLLM takes', () => {
    const narrower = Object.entries(fields).flatMap(([field, text]) => {
      const schema = properties[field];
      const [kinds = ''] = text.split(' = ');
      const taken = schema === undefined ? ['any'] : kindsOf(schema);
      const refused = kinds
        .split(' | ')
        .filter((kind) => kind !== 'any' && !taken.includes(kind) && !taken.includes('any'));
      return refused.length === 0 ? [] : [`${field}: ${refused.join(', ')}`];
    });
    expect(narrower).toEqual([]);
  });

  test('needs nothing that LiteLLM does not need', () => {
    const needed = required.filter((field) => fields[field]?.includes(' = '));
    expect(needed).toEqual([]);
  });
});

const QUERIES: Readonly<Record<string, readonly string[]>> = theirRoutes.queries;

function parametersOf(route: string): readonly string[] {
  const [method, path] = route.split(' ');
  const found = LITELLM_ROUTES.find((each) => each[0] === method && each[1] === path);
  return Object.keys(
    found === undefined ? {} : (jsonSchemaOf(found[2].query, 'input')['properties'] ?? {}),
  );
}

test.each(Object.entries(QUERIES))(
  '%s takes every parameter of LiteLLM, or says why not',
  (route, parameters) => {
    const ours = parametersOf(route);
    const missing = parameters.filter((name) => !ours.includes(name) && !isPassedOver(route, name));
    expect(missing).toEqual([]);
  },
);

test('a field that is said to be passed over is one of LiteLLM, and not taken', () => {
  const isMeant = (at: readonly string[] | undefined, route: string): boolean =>
    at === undefined || at.includes(route);
  const wrong = FIELDS_NOT_OFFERED.flatMap(({ fields, at }) =>
    fields.filter((field) => {
      const isRead = Object.entries(REQUESTS).some(
        ([route, model]) =>
          isMeant(at, route) &&
          model.fields[field] !== undefined &&
          bodyOf(route).properties[field] === undefined,
      );
      const isAsked = Object.entries(QUERIES).some(
        ([route, parameters]) =>
          isMeant(at, route) && parameters.includes(field) && !parametersOf(route).includes(field),
      );
      const isTold = Object.entries(ANSWERS).some(
        ([route, model]) => isMeant(at, route) && model.fields[field] !== undefined,
      );
      return !isRead && !isAsked && !isTold;
    }),
  );
  expect(wrong).toEqual([]);
});

describe('answers', () => {
  let door: Door;
  // Tests read answers as clients do, by the names that are documented.
  // oxlint-disable-next-line typescript/no-explicit-any
  const told: Record<string, any> = {};
  beforeAll(async () => {
    door = await openDoor();
    const post = async (path: string, body: unknown) => (await door.ask('POST', path, body)).json;
    const get = async (path: string) => (await door.ask('GET', path)).json;
    const organization = { organization_id: 'acme', organization_alias: 'Acme', max_budget: 5 };
    told['POST /organization/new'] = await post('/organization/new', organization);
    told['POST /team/new'] = await post('/team/new', {
      team_id: 'told',
      members_with_roles: [{ user_id: 'ann', role: 'user' }],
      team_member_budget: 1,
    });
    told['POST /key/generate'] = await post('/key/generate', { team_id: 'told' });
    const { token } = told['POST /key/generate'];
    told['GET /key/info'] = (await get(`/key/info?key=${token}`)).info;
    told['GET /key/list'] = await get('/key/list');
    told['GET /organization/info'] = await get('/organization/info?organization_id=acme');
    told['POST /user/new'] = await post('/user/new', { user_id: 'bob' });
    told['GET /v2/user/info'] = await get('/v2/user/info?user_id=bob');
    told['POST /customer/new'] = await post('/customer/new', { user_id: 'buyer' });
    told['POST /budget/new'] = await post('/budget/new', { budget_id: 'b', max_budget: 1 });
    told['POST /team/member_update'] = await post('/team/member_update', {
      team_id: 'told',
      user_id: 'ann',
      max_budget_in_team: 2,
    });
    told['POST /organization/member_add'] = await post('/organization/member_add', {
      organization_id: 'acme',
      member: { role: 'internal_user', user_id: 'cid' },
    });
    const info = await get('/team/info?team_id=told');
    told['GET /team/info: team_memberships'] = info.team_memberships[0];
    const activity = await get('/team/daily/activity?team_ids=told');
    told['GET /team/daily/activity'] = activity;
    told['GET /team/daily/activity: metadata'] = activity.metadata;
  });
  afterAll(async () => door.close());

  const seen = Object.entries(ANSWERS).filter(
    ([route]) => !route.endsWith('metrics') && !route.endsWith('breakdown'),
  );
  test.each(seen)('%s tells every field of LiteLLM, or it is said why not', (route, { fields }) => {
    const missing = Object.keys(fields).filter(
      (field) => !(field in (told[route] ?? {})) && !isPassedOver(route, field),
    );
    expect(missing).toEqual([]);
  });
});
