import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  await door.ask('POST', '/api/teams/create', {
    organization_id: 'acme',
    team_id: 'acme-prod',
    access_groups: ['gpt-models'],
  });
});
afterAll(async () => door.close());

const once = async (key: string, method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body, { 'idempotency-key': key });

describe('an Idempotency-Key', () => {
  test('gets the first answer again, with the key that it made, and makes nothing twice', async () => {
    const body = { team_id: 'acme-prod', name: 'CI' };
    const first = await once('a', 'POST', '/api/keys/create', body);
    const again = await once('a', 'POST', '/api/keys/create', body);
    expect(again.status).toBe(200);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const keys = await door.stores.records.keys.ofTeam('acme-prod');
    expect(keys.filter((key) => key.name === 'CI')).toHaveLength(1);
  });

  test('leaves no secret in the table', async () => {
    const made = await once('b', 'POST', '/api/keys/create', { team_id: 'acme-prod', name: 'B' });
    const rows = await door.postgres.receipt.findMany();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(made.json.virtual_key);
    expect(JSON.stringify(rows)).not.toContain('"b"');
  });

  test('is refused for another body and for another route, and nothing is changed', async () => {
    await once('c', 'POST', '/api/credits/add', { team_id: 'acme-prod', amount: 5 });
    const other = await once('c', 'POST', '/api/credits/add', { team_id: 'acme-prod', amount: 6 });
    const elsewhere = await once('c', 'POST', '/api/teams/acme-prod/suspend');
    for (const told of [other, elsewhere]) {
      expect([told.status, told.json.code]).toEqual([422, 'idempotency_key_reused']);
    }
    const balance = await door.ask('GET', '/api/credits/balance?team_id=acme-prod');
    expect(balance.json).toMatchObject({ credits_remaining: 5, status: 'active' });
  });

  test('of ten requests at once does the work of one; the others get its answer or are told to wait', async () => {
    const asked = Array.from({ length: 10 }, async () =>
      once('d', 'POST', '/api/keys/create', { team_id: 'acme-prod', name: 'D' }),
    );
    const told = await Promise.all(asked);
    const codes = new Set(told.map(({ status, json }) => `${status} ${json.code ?? 'done'}`));
    expect([...codes].filter((code) => !/^200 done$|^409 request_in_flight$/.test(code))).toEqual(
      [],
    );
    const keys = await door.stores.records.keys.ofTeam('acme-prod');
    expect(keys.filter((key) => key.name === 'D')).toHaveLength(1);
  });

  test('belongs to its caller: another one may use the same word', async () => {
    const body = { team_id: 'acme-prod', name: 'E' };
    const mine = await once('e', 'POST', '/api/keys/create', body);
    const theirs = await door.ask('POST', '/api/keys/create', body, {
      'idempotency-key': 'e',
      'litellm-changed-by': 'eve',
    });
    expect(theirs.json.key_id).not.toBe(mine.json.key_id);
  });

  test('is free again after a refusal, for the corrected request', async () => {
    const refused = await once('f', 'POST', '/api/credits/add', { team_id: 'nobody', amount: 1 });
    expect(refused.status).toBe(404);
    const done = await once('f', 'POST', '/api/credits/add', { team_id: 'acme-prod', amount: 1 });
    expect(done.status).toBe(200);
  });

  test('that was left in flight is taken over after a minute, and credits are still added once', async () => {
    const body = { team_id: 'acme-prod', amount: 7 };
    const first = await once('g', 'POST', '/api/credits/add', body);
    // As a process leaves it that died after the posting, before the answer.
    await door.postgres.$executeRaw`
      UPDATE receipts SET answer = '{}' WHERE key LIKE 'answer:%' AND answer <> '{}'
        AND created_at = (SELECT max(created_at) FROM receipts WHERE key LIKE 'answer:%')`;
    expect((await once('g', 'POST', '/api/credits/add', body)).json.code).toBe('request_in_flight');
    await door.postgres.$executeRaw`
      UPDATE receipts SET created_at = created_at - interval '2 minutes' WHERE answer = '{}'`;
    const again = await once('g', 'POST', '/api/credits/add', body);
    expect(again.json).toMatchObject({
      repeated: true,
      transaction_id: first.json.transaction_id,
    });
  });
});

describe('If-Match', () => {
  test('refuses a change that was thought of an older state, and lets one of the newest through', async () => {
    const path = '/api/teams/acme-prod';
    const etag = (await door.ask('GET', path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"\d+"$/);
    const change = async (alias: string, ifMatch: string): Promise<Told> =>
      door.ask('PUT', path, { team_alias: alias }, { 'if-match': ifMatch });
    expect((await change('First', etag)).status).toBe(200);
    const late = await change('Late', etag);
    expect([late.status, late.json.code]).toEqual([412, 'version_conflict']);
    expect((await door.ask('GET', path)).json.team_alias).toBe('First');
    expect((await change('Any', '*')).status).toBe(200);
    expect((await change('Odd', 'odd')).status).toBe(400);
  });

  test('takes the ETag of one change for the next, so that edits are chained without reading', async () => {
    const team = '/api/teams/acme-prod';
    const steps: readonly (readonly [method: string, path: string, body: object])[] = [
      ['PUT', team, { team_alias: 'Chained' }],
      ['PUT', `${team}/limits`, { limits: [{ kind: 'requests', max: 9 }], budgets: [] }],
      ['PUT', `${team}/access-groups`, ['gpt-models', 'claude-models']],
      ['POST', `${team}/suspend`, { reason: 'Unpaid' }],
      ['POST', `${team}/resume`, {}],
    ];
    const first = (await door.ask('GET', team)).headers.get('etag') ?? '';
    const seen = [first];
    for (const [method, path, body] of steps) {
      const told = await door.ask(method, path, body, { 'if-match': seen.at(-1) ?? '' });
      expect([path, told.status]).toEqual([path, 200]);
      seen.push(told.headers.get('etag') ?? '');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect((await door.ask('GET', team)).headers.get('etag')).toBe(seen.at(-1));
    // What another changes meanwhile is not in it.
    await door.ask('PUT', team, { team_alias: 'Another' });
    const late = await door.ask('PUT', team, {}, { 'if-match': seen.at(-1) ?? '' });
    expect([late.status, late.headers.get('etag')]).toEqual([412, null]);
  });

  test('that is sent where nothing carries a version is named in a warning', async () => {
    const told = await door.ask(
      'POST',
      '/team/block',
      { team_id: 'acme-prod' },
      { 'if-match': '"1"' },
    );
    expect(told.status).toBe(200);
    expect(told.headers.get('x-quartermaster-warning')).toBe(
      'ignored: If-Match, nothing here carries a version',
    );
    await door.ask('POST', '/team/unblock', { team_id: 'acme-prod' });
  });

  test('of ten changes of one state lets one through', async () => {
    const path = '/api/teams/acme-prod/limits';
    const etag = (await door.ask('GET', path)).headers.get('etag') ?? '';
    const told = await Promise.all(
      Array.from({ length: 10 }, async (_each, at) => {
        const limits = [{ kind: 'requests', max: at + 1 }];
        return door.ask('PUT', path, { limits, budgets: [] }, { 'if-match': etag });
      }),
    );
    expect(told.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array(9).fill(412),
    ]);
  });
});
