import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
  await door.client.POST('/api/organizations/create', {
    body: { organization_id: 'acme', name: 'ACME', create_default_team: false },
  });
  for (const id of ['one', 'two', 'three']) {
    const terms = { organization_id: 'acme', access_groups: [], credits_allocated: 100 };
    await door.client.POST('/api/teams/create', { body: { team_id: id, ...terms } });
  }
});
afterAll(async () => door.close());

describe('adding credits', () => {
  it('posts once for twenty requests with the same Idempotency-Key', async () => {
    const body = { team_id: 'one', amount: 50 };
    const headers = { 'idempotency-key': 'invoice-2024-10' };
    const told = await Promise.all(
      Array.from({ length: 20 }, async () => door.ask('POST', '/api/credits/add', body, headers)),
    );
    const done = told.filter(({ status }) => status === 200);
    const waiting = told.filter(({ json }) => json.code === 'request_in_flight');
    expect(done.length).toBeGreaterThan(0);
    expect(done.length + waiting.length).toBe(20);
    expect(new Set(done.map((each) => each.json.transaction_id)).size).toBe(1);
    expect(await balanceOf('one')).toBe(150);
  });

  it('posts every one of twenty requests without a key', async () => {
    const body = { team_id: 'two', amount: 1 };
    await Promise.all(
      Array.from({ length: 20 }, async () => door.client.POST('/api/credits/add', { body })),
    );
    expect(await balanceOf('two')).toBe(120);
  });

  it('refuses a key that was used for another amount, and one that cannot be kept', async () => {
    const add = async (amount: number, key: string) =>
      door.client.POST('/api/credits/add', {
        params: { header: { 'Idempotency-Key': key } },
        body: { team_id: 'three', amount },
      });
    await add(5, 'other');
    const other = await add(6, 'other');
    expect([other.response.status, other.error?.code]).toEqual([422, 'idempotency_key_reused']);
    const long = await add(5, 'x'.repeat(256));
    expect([long.response.status, long.error?.code]).toEqual([400, 'parameter_invalid']);
    expect(await balanceOf('three')).toBe(105);
  });
});

describe('lists', () => {
  it('come in pages that lead to each other', async () => {
    const first = await door.ask('GET', '/api/teams?organization_id=acme&limit=2');
    expect(ids(first.json)).toEqual(['one', 'three']);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await door.ask('GET', next);
    expect(ids(second.json)).toEqual(['two']);
    expect(second.headers.get('link')).toBeNull();
    expect((await door.ask('GET', '/api/teams?limit=0')).status).toBe(422);
    expect((await door.ask('GET', '/api/teams?limit=x')).status).toBe(422);
  });
});

describe('a default team', () => {
  it('is made with the organization when asked for', async () => {
    const { data } = await door.client.POST('/api/organizations/create', {
      body: {
        organization_id: 'beta',
        name: 'Beta',
        create_default_team: true,
        default_team_access_groups: ['gpt-models'],
        default_team_credits: 25,
      },
    });
    expect(data?.default_team).toMatchObject({
      team_id: 'beta_default',
      credits_remaining: 25,
      virtual_key: expect.stringMatching(/^sk-/),
    });
  });

  it('leaves the organization standing when it cannot be made', async () => {
    const told = await door.ask('POST', '/api/organizations/create', {
      organization_id: 'gamma',
      name: 'Gamma',
      create_default_team: true,
      default_team_access_groups: ['nothing'],
    });
    expect(told.json.default_team.error).toContain("Model access group 'nothing' not found");
    expect((await door.ask('GET', '/api/organizations/gamma')).status).toBe(200);
  });
});

async function balanceOf(team: string): Promise<number | undefined> {
  const { data } = await door.client.GET('/api/credits/teams/{id}/balance', {
    params: { path: { id: team } },
  });
  return data?.credits_remaining;
}

function ids(teams: readonly { team_id: string }[]): string[] {
  return teams.map((team) => team.team_id);
}
