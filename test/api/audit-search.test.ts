// What the audit trail holds of a key, a team or an organization.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditFilter } from '../../src/core/audit/audit-records.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

/** More than a statement has parameters. */
const KEYS_MORE = 33_000;

let door: Door;
const keyIds: string[] = [];

beforeAll(async () => {
  door = await openDoor();
  for (const id of ['acme', 'acme-2']) {
    const organization = { organization_id: id, name: id, create_default_team: false };
    await door.ask('POST', '/api/organizations/create', organization);
    for (const team_id of [`${id}-dev`, `${id}-prod`]) {
      const team = { organization_id: id, team_id, access_groups: [], credits_allocated: 10 };
      await door.ask('POST', '/api/teams/create', team);
    }
    const key = { team_id: `${id}-dev`, name: 'mine', user_id: 'ann', create_user: true };
    await door.ask('POST', '/customer/new', { user_id: 'visitor', organization_id: id });
    keyIds.push(String((await door.ask('POST', '/api/keys/create', key)).json.key_id));
    await door.ask('PUT', `/api/teams/${id}-dev/members/ann/limits`, {
      limits: [],
      budgets: [{ max_usd: 1 }],
    });
  }
  await door.postgres.$executeRaw`
    INSERT INTO virtual_keys SELECT (jsonb_populate_record(k,
      jsonb_build_object('id', 'more-' || n, 'hash', 'more-' || n))).*
    FROM virtual_keys AS k, generate_series(1, ${KEYS_MORE}::int) AS n WHERE k.id = ${keyIds[0]}`;
});
afterAll(async () => door.close());

const kindsIn = (targets: readonly string[]) =>
  [...new Set(targets.map((target) => target.split(':')[0] ?? ''))].toSorted();
const targetsOf = async (filter: Omit<AuditFilter, 'limit'>) =>
  (await door.stores.records.audit.search({ ...filter, limit: 100 })).map(({ target }) => target);

test('of an organization it tells all that belongs to it and nothing of another one, of any number of keys', async () => {
  const told = await targetsOf({ organizationId: 'acme' });
  expect(kindsIn(told)).toEqual(['end_user', 'key', 'member', 'organization', 'team', 'user']);
  expect(told).toContain(`key:${keyIds[0]}`);
  expect(told.filter((target) => /acme-2/.test(target) || target === `key:${keyIds[1]}`)).toEqual(
    [],
  );
  const both = await targetsOf({ organizationIds: ['acme', 'acme-2'] });
  expect(new Set(both)).toEqual(new Set(await targetsOf({})));
  expect(await targetsOf({ organizationIds: [] })).toEqual([]);
});

test('of a team it tells the team, its keys and its members', async () => {
  const told = await targetsOf({ teamId: 'acme-2-dev' });
  const keys = await door.stores.records.keys.ofTeam('acme-2-dev');
  expect(new Set(told)).toEqual(
    new Set(['team:acme-2-dev', ...keys.map(({ id }) => `key:${id}`), 'member:acme-2-dev/ann']),
  );
  expect(await targetsOf({ keyId: keyIds[0] ?? '' })).toEqual([`key:${keyIds[0]}`]);
});

test('it is narrowed and told page by page, the latest first', async () => {
  const search = async (filter: Partial<AuditFilter>) =>
    door.stores.records.audit.search({ organizationId: 'acme', limit: 100, ...filter });
  const all = await search({});
  const [first, second] = await search({ limit: 2 });
  expect([first, second]).toEqual(all.slice(0, 2));
  expect(await search({ before: second?.position ?? 0n })).toEqual(all.slice(2));
  expect(await search({ to: all.at(-1)?.at ?? new Date() })).toEqual([]);
  expect(await search({ from: all.at(-1)?.at ?? new Date() })).toEqual(all);
  const teams = all.filter(({ target }) => target.startsWith('team:'));
  expect(await search({ targetKind: 'team' })).toEqual(teams);
  const created = all.filter(({ action }) => action.startsWith('team.c'));
  expect(await search({ action: 'team.c' })).toEqual(created);
  expect(await search({ actor: 'api:nobody' })).toEqual([]);
});
