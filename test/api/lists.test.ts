// Lists of the SaaS dialect: what they are narrowed to, their order, and pages that stay right while rows change.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const organization = { organization_id: 'acme', name: 'Acme', create_default_team: false };
  await door.client.POST('/api/organizations/create', { body: organization });
});
afterAll(async () => door.close());

async function newTeam(id: string, alias = id): Promise<string> {
  const body = { organization_id: 'acme', team_id: id, team_alias: alias, access_groups: [] };
  const { error } = await door.client.POST('/api/teams/create', { body });
  expect(error).toBeUndefined();
  return id;
}

/** All rows of a list, page by page; between two of them rows may change. */
async function allPages<Row>(
  first: string,
  rowsIn: (json: never) => readonly Row[],
  between: (page: number) => Promise<unknown> = async () => undefined,
): Promise<Row[]> {
  const seen: Row[] = [];
  let next: string | undefined = first;
  for (let page = 0; next !== undefined; page += 1) {
    const told = await door.ask('GET', next);
    expect([next, told.status]).toEqual([next, 200]);
    seen.push(...rowsIn(told.json as never));
    await between(page);
    next = /^<([^>]+)>/.exec(told.headers.get('link') ?? '')?.[1];
  }
  return seen;
}

describe('keys', () => {
  const keys = (json: { keys: { key_id: string; name: string; expires_at: string | null }[] }) =>
    json.keys;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const ids = new Map<string, string>();
  const change = async (name: string, to: { name: string }): Promise<void> => {
    const path = { id: ids.get(name) ?? '' };
    await door.client.PUT('/api/keys/{id}', { params: { path }, body: to });
  };
  const add = async (name: string, more: { expires_at?: string; user_id?: string } = {}) => {
    const body = { team_id: 'keyed', name, create_user: true, ...more };
    const { data } = await door.client.POST('/api/keys/create', { body });
    ids.set(name, data?.key_id ?? '');
  };
  const named = async (query: string): Promise<string[]> =>
    (await allPages(`/api/keys?team_id=keyed&${query}`, keys)).map(({ name }) => name);

  beforeAll(async () => {
    await newTeam('keyed');
    await add('delta', { expires_at: inDays(30) });
    await add('alpha', { user_id: 'ann' });
    await add('charlie', { expires_at: inDays(3), user_id: 'ann' });
    await add('bravo', { expires_at: inDays(10) });
    const path = { id: ids.get('bravo') ?? '' };
    await door.client.POST('/api/keys/{id}/block', { params: { path } });
  });

  test.each([
    ['', ['first', 'delta', 'alpha', 'charlie', 'bravo']],
    ['order=desc', ['bravo', 'charlie', 'alpha', 'delta', 'first']],
    ['sort=name', ['alpha', 'bravo', 'charlie', 'delta', 'first']],
    ['sort=expires_at', ['charlie', 'bravo', 'delta', 'first', 'alpha']],
    ['status=blocked', ['bravo']],
    ['user_id=ann', ['alpha', 'charlie']],
    [`expires_before=${inDays(11)}`, ['charlie', 'bravo']],
    [`expires_before=${inDays(11)}&status=active`, ['charlie']],
    ['user_id=nobody', []],
  ])('asked for with "%s" come page by page as they do at once', async (query, expected) => {
    expect(await named(query)).toEqual(expected);
    expect(await named(`${query}&limit=1`)).toEqual(expected);
    expect(await named(`${query}&limit=2`)).toEqual(expected);
  });

  test('are counted on all pages', async () => {
    const page = await door.ask('GET', '/api/keys?team_id=keyed&user_id=ann&limit=1');
    expect([page.json.total, page.json.keys]).toEqual([2, [expect.anything()]]);
  });

  test('are each told once while some are made before them, and one that was told gets another name', async () => {
    const before = await named('sort=name');
    const path = '/api/keys?team_id=keyed&sort=name&limit=1';
    const seen = await allPages(path, keys, async (page) => {
      await add(`a-${page}`);
      await (page === 1 ? change('bravo', { name: 'a-moved' }) : undefined);
    });
    expect(seen.map(({ name }) => name)).toEqual(before);
  });

  test('of an unknown team, in an unknown order, or behind what is none are refused', async () => {
    const status = async (query: string) => (await door.ask('GET', `/api/keys?${query}`)).status;
    expect(await status('team_id=nobody')).toBe(404);
    expect(await status('team_id=keyed&sort=secret')).toBe(422);
    expect(await status('team_id=keyed&expires_before=soon')).toBe(422);
    const odd = await door.ask('GET', '/api/keys?team_id=keyed&after=x');
    expect([odd.status, odd.json.code]).toEqual([400, 'parameter_invalid']);
    expect(await status('team_id=keyed&expires_before=0000-01-01')).toBe(422);
  });

  test.each([
    'after=friday~x',
    'after=2026-13-01T00:00:00.000Z~x',
    'after=2026-02-30T00:00:00.000Z~x',
    'after=2026-01-01T25:00:00.000Z~x',
    'after=0000-01-01T00:00:00.000Z~x',
    'after=~x',
    'sort=created_at&after=~x',
    'sort=expires_at&after=2026-13-01T00:00:00.000Z~x',
  ])('behind what no answer said are refused: %s', async (query) => {
    const refused = await door.ask('GET', `/api/keys?team_id=keyed&${query}`);
    expect([refused.status, refused.json.code]).toEqual([400, 'parameter_invalid']);
  });

  test('behind one that expires in a far year are those that never expire', async () => {
    const after = '3026-01-01T00:00:00.000Z~x';
    const told = await allPages(`/api/keys?team_id=keyed&sort=expires_at&after=${after}`, keys);
    expect(told.map(({ name }) => name)).toContain('first');
    expect(told.flatMap(({ expires_at: end }) => end ?? [])).toEqual([]);
  });
});

describe('teams', () => {
  const ids = (json: { team_id: string }[]) => json.map(({ team_id: id }) => id);

  test('come in the order of their names or of their making, each once while names change', async () => {
    const organization = { organization_id: 'sorted', name: 'S', create_default_team: false };
    await door.client.POST('/api/organizations/create', { body: organization });
    const make = async (id: string, alias: string) =>
      door.client.POST('/api/teams/create', {
        body: { organization_id: 'sorted', team_id: id, team_alias: alias, access_groups: [] },
      });
    await make('s-3', 'Alpha');
    await make('s-1', 'Bravo ~ two');
    await make('s-2', 'Charlie');
    const path = '/api/teams?organization_id=sorted&limit=1';
    expect(await allPages(`${path}&sort=created_at`, ids)).toEqual(['s-3', 's-1', 's-2']);
    const latest = `${path}&sort=created_at&order=desc`;
    expect(await allPages(latest, ids)).toEqual(['s-2', 's-1', 's-3']);
    const rename = async (page: number) =>
      door.ask('PUT', '/api/teams/s-3', { team_alias: `Bravo ${page}` });
    expect(await allPages(`${path}&sort=team_alias&order=desc`, ids, rename)).toEqual([
      's-2',
      's-1',
      's-3',
    ]);
    const inside = '/api/organizations/sorted/teams?sort=team_alias&limit=2';
    const teams = (json: { teams: { team_id: string }[] }) => ids(json.teams);
    expect(await allPages(inside, teams)).toEqual(['s-3', 's-1', 's-2']);
  });
});

test('a search means what it says: no letter of it stands for others', async () => {
  await newTeam('plain-1');
  await newTeam('plain_2');
  const found = async (path: string): Promise<string> => (await door.ask('GET', path)).text;
  expect((await door.ask('GET', '/api/teams?search=%25')).json).toEqual([]);
  expect((await door.ask('GET', '/api/teams?search=plain_')).json).toHaveLength(1);
  expect((await door.ask('GET', '/api/teams?search=plain%5C')).json).toEqual([]);
  expect(await found('/v2/team/list?team_alias=plain_')).toContain('plain_2');
  expect(await found('/v2/team/list?team_alias=plain_')).not.toContain('plain-1');
});

test('an organization of more teams than a page has is told how many they are', async () => {
  await newTeam('one-of-many');
  const row = await door.postgres.team.findUniqueOrThrow({
    where: { id: 'one-of-many' },
    omit: { metadata: true, modelAliases: true, ceilings: true, autoRefill: true },
  });
  const organization = { organization_id: 'large', name: 'L', create_default_team: false };
  await door.client.POST('/api/organizations/create', { body: organization });
  await door.postgres.team.createMany({
    data: Array.from({ length: 1_001 }, (_each, at) => ({
      ...row,
      organizationId: 'large',
      id: `many-${at}`,
    })),
  });
  const { data } = await door.client.GET('/api/organizations/{id}', {
    params: { path: { id: 'large' } },
  });
  expect([data?.team_count, data?.teams.length]).toEqual([1_001, 1_000]);
  const accounts = Array.from({ length: 1_001 }, (_each, at) => `many-${at}`);
  await door.postgres.creditAccount.createMany({
    data: accounts.map((teamId) => ({ id: `team:${teamId}`, teamId })),
  });
  const page = async (query: string) => {
    const told = await door.ask('GET', `/api/organizations/large/teams?${query}`);
    return [told.json.team_count, told.json.teams.length];
  };
  expect(await page('limit=2')).toEqual([1_001, 2]);
  expect(await page('limit=2&search=many-99')).toEqual([11, 2]);
  expect(await page('limit=2&status=archived')).toEqual([0, 0]);
});

describe('transactions', () => {
  const reasons = (json: { transactions: { description?: string; reason?: string }[] }) =>
    json.transactions.map(({ description, reason }) => description ?? reason);
  const told = async (query: string): Promise<unknown[]> =>
    reasons((await door.ask('GET', `/api/credits/transactions?team_id=paid&${query}`)).json);
  const toldOfTeam = async (query: string): Promise<unknown[]> =>
    reasons((await door.ask('GET', `/api/credits/teams/paid/transactions?${query}`)).json);

  beforeAll(async () => {
    await newTeam('paid');
    const header = { 'Idempotency-Key': 'invoice-17' };
    await door.client.POST('/api/credits/add', {
      params: { header },
      body: { team_id: 'paid', amount: 50, description: 'one' },
    });
    await door.client.POST('/api/credits/deduct', {
      body: { team_id: 'paid', credits: 5, reason: 'two' },
    });
    await door.client.POST('/api/credits/grant', {
      body: { team_id: 'paid', credits: 7, reason: 'three' },
    });
  });

  test('are narrowed by type, kind and reference, in either order', async () => {
    expect(await told('')).toEqual(['three', 'two', 'one']);
    expect(await told('order=asc')).toEqual(['one', 'two', 'three']);
    expect(await told('type=addition')).toEqual(['three', 'one']);
    expect(await told('type=deduction')).toEqual(['two']);
    expect(await told('kind=grant')).toEqual(['three']);
    expect(await told('kind=grant&type=deduction')).toEqual([]);
    const { data } = await door.client.GET('/api/credits/transactions', {
      params: { query: { team_id: 'paid', order: 'asc', limit: 1 } },
    });
    const reference = data?.transactions[0]?.reference ?? '';
    expect(reference).toContain('invoice-17');
    expect(await told(`reference=${encodeURIComponent(reference)}`)).toEqual(['one']);
    expect(await toldOfTeam('type=allocation')).toEqual(['three', 'one']);
    expect(await toldOfTeam('type=adjustment')).toEqual(['two']);
    expect(await toldOfTeam('type=allocation&kind=grant')).toEqual(['three']);
    expect(await toldOfTeam('type=refund&kind=grant')).toEqual([]);
  });

  test('are narrowed to a range, and pages go on in either order', async () => {
    const { data } = await door.client.GET('/api/credits/teams/{id}/transactions', {
      params: { path: { id: 'paid' }, query: { order: 'asc' } },
    });
    const [, second, third] = data?.transactions ?? [];
    const range = `from=${second?.created_at}&to=${third?.created_at}`;
    expect([await told(range), await toldOfTeam(range)]).toEqual([['two'], ['two']]);
    expect(await toldOfTeam(`from=${third?.created_at}`)).toEqual(['three']);
    for (const order of ['asc', 'desc']) {
      const seen: unknown[] = [];
      let after = '';
      for (let page = 0; page < 4; page += 1) {
        const query = `team_id=paid&limit=1&order=${order}${after}`;
        const { json } = await door.ask('GET', `/api/credits/transactions?${query}`);
        seen.push(...reasons(json));
        after = `&after=${json.next_after}`;
        await door.client.POST('/api/credits/add', {
          params: { header: { 'Idempotency-Key': 'invoice-17' } },
          body: { team_id: 'paid', amount: 50, description: 'one' },
        });
        if (json.next_after === undefined) {
          break;
        }
      }
      const ordered = ['one', 'two', 'three'];
      expect(seen).toEqual(order === 'asc' ? ordered : ordered.toReversed());
    }
  });

  test.each(['type=gift', 'kind=gift', 'from=friday', 'order=random', 'after=x'])(
    'asked for with %s are refused',
    async (query) => {
      const { status } = await door.ask('GET', `/api/credits/transactions?team_id=paid&${query}`);
      expect(status).toBe(422);
    },
  );
});
