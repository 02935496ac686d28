// Each line of team-routes.txt is asked, in order; and each team route has some.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LITELLM_ROUTES } from '../../../src/api/litellm/routes.ts';
import { ADMIN_KEY, openDoor } from '../door.ts';
import type { Door } from '../door.ts';

interface Line {
  readonly route: string;
  readonly by: string;
  readonly does: string;
  readonly given: unknown;
  readonly status: number;
  readonly told: string;
}

const TABLE: readonly Line[] = readFileSync(
  path.join(import.meta.dirname, 'team-routes.txt'),
  'utf8',
)
  .split('\n')
  .filter((text) => text !== '' && !text.startsWith('#'))
  .map((text) => {
    const [route = '', by = '', does = '', given = '{}', status, told = ''] = text.split(' | ');
    return { route, by, does, given: written(given), status: Number(status), told };
  });

/** What would fill a page is written in words. */
function written(text: string): unknown {
  const people = Array.from({ length: 501 }, (_, at) => ({ role: 'user', user_id: `many-${at}` }));
  return JSON.parse(text.replace('"501 people"', JSON.stringify(people)));
}

let door: Door;
const keys = new Map([['admin', ADMIN_KEY]]);
beforeAll(async () => {
  door = await openDoor();
  const post = async (route: string, body: object) => door.ask('POST', route, body);
  await post('/organization/new', {
    organization_id: 'acme',
    organization_alias: 'ACME',
    max_budget: 100,
    tpm_limit: 1_000,
    rpm_limit: 50,
    models: ['gpt-4o'],
  });
  await post('/team/new', {
    team_id: 'red',
    organization_id: 'acme',
    models: ['gpt-4o'],
    max_budget: 50,
    soft_budget: 40,
    rpm_limit: 20,
    tpm_limit: 100,
    members_with_roles: [
      { role: 'admin', user_id: 'lea' },
      { role: 'user', user_id: 'ann' },
    ],
  });
  const sam = { role: 'user', user_id: 'sam' };
  await post('/team/new', { team_id: 'blue', team_alias: 'Blue', members_with_roles: [sam] });
  const keyOf = async (body: object) => (await post('/key/generate', body)).json.key as string;
  keys.set('lead', await keyOf({ team_id: 'red', user_id: 'lea' }));
  keys.set('member', await keyOf({ team_id: 'red', user_id: 'ann' }));
  keys.set('stranger', await keyOf({ team_id: 'blue', user_id: 'sam' }));
  keys.set('other key', await keyOf({ team_id: 'blue' }));
});
afterAll(async () => door.close());

async function ask({ route, by, given }: Line) {
  const [method = '', place = ''] = route.split(' ');
  const as = { authorization: `Bearer ${keys.get(by)}` };
  const query = new URLSearchParams(given as Record<string, string>).toString();
  return method === 'GET'
    ? door.ask(method, query === '' ? place : `${place}?${query}`, undefined, as)
    : door.ask(method, place, given, as);
}

/** Of a yes the whole answer; of a no whether its words stand in the field that the line names. */
function said({ status, told }: Line, json: Readonly<Record<string, unknown>>): object {
  if (status === 200) {
    return json;
  }
  const [place = ''] = told.split(': ');
  const words = told.slice(place.length + 2);
  const named = place === 'either' ? (json['error'] ?? json['detail']) : json[place];
  const text = typeof named === 'string' ? named : JSON.stringify(named);
  return { isTold: text?.replaceAll('\\"', '"').includes(words) };
}

function wanted({ status, told }: Line): object {
  return status === 200 ? (matching(JSON.parse(told)) as object) : { isTold: true };
}

function matching(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('~')) {
    return expect.stringMatching(value.slice(1));
  }
  if (Array.isArray(value)) {
    return value.map(matching);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, matching(each)]))
    : value;
}

const CASES = TABLE.map((line) => [`${line.route} (${line.by}) ${line.does}`, line] as const);

test.each(CASES)('%s', async (_name, line) => {
  const { status, json, text } = await ask(line);
  expect([status, text]).toEqual([line.status, text]);
  expect(said(line, json)).toMatchObject(wanted(line));
});

test('each team route has its lines', () => {
  const routes = LITELLM_ROUTES.map(([method, place]) => `${method} ${place}`);
  const ofTeams = routes.filter((route) => /^\w+ (\/v2)?\/team\//.test(route));
  const named = new Set(TABLE.map(({ route }) => route));
  expect(ofTeams.length).toBeGreaterThan(18);
  expect(ofTeams.filter((route) => !named.has(route))).toEqual([]);
});
