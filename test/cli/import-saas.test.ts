// `quartermaster import saas-litellm`, out of a database such as that system keeps, and through an API such as it has.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSaasApi } from '../../src/cli/import/saas-http.ts';
import { saasPlan } from '../../src/cli/import/saas-plan.ts';
import { readSaasDatabase } from '../../src/cli/import/saas-rows.ts';
import type { Served } from '../../src/cli/import/step.ts';
import type { Door } from '../api/door.ts';
import { askedBy, fill, importBreaking, lines, openBeside, runImport } from './importing.ts';
import type { Beside } from './importing.ts';
import { ACME_KEY, PAUSED_KEY, SAAS_ANSWERS, SAAS_SQL } from './saas-system.ts';

const MASTER_KEY = 'saas-master-key';

let beside: Beside;
let door: Door;
beforeAll(async () => {
  beside = await openBeside(SAAS_SQL, SAAS_ANSWERS, ['x-admin-key', MASTER_KEY], MASTER_KEY);
  door = beside.door;
});
afterAll(async () => beside.close());

const IMPOSSIBLE = [
  'team acme-twin: cannot be made (its key is that of team acme-prod)',
  'team lost: cannot be made (it has no organization, and every team here has one: name it with --organization)',
];
/** What became of everything. */
const all = (outcome: string) => [
  `model chat-fast: ${outcome}`,
  `model old-chat: ${outcome}`,
  `access group basic-chat: ${outcome}`,
  `organization acme: ${outcome}`,
  `spend 0.55 USD of organization acme: ${outcome}`,
  `organization gone: ${outcome}`,
  `team acme-prod: ${outcome}`,
  `spend 0.55 USD of team acme-prod: ${outcome}`,
  `spend 0.55 USD of the key of team acme-prod: ${outcome}`,
  IMPOSSIBLE[0],
  `team gone-debt: ${outcome}`,
  IMPOSSIBLE[1],
  `end user visitor-7 of acme: ${outcome}`,
  `spend 0.3 USD of end user visitor-7 of acme: ${outcome}`,
];

test('says what would be made, and what cannot be and why, and changes nothing', async () => {
  const dry = await runImport(door, 'saas-litellm', beside.inDatabase);
  expect(lines(dry)).toEqual(all('would be made'));
  expect(dry.notes.join('\n')).toContain('these teams begin at 0 credits: gone-debt');
  expect(JSON.stringify(dry)).not.toContain(ACME_KEY);
  expect(await door.stores.records.organizations.list()).toEqual([]);
});

test('reads the same through the API as out of the database', async () => {
  const [ofDatabase, ofApi] = await Promise.all([
    readSaasDatabase(beside.databaseUrl),
    readSaasApi(beside.source),
  ]);
  const nothing: Served = { models: [], groups: [] };
  expect(askedBy(saasPlan(ofApi, nothing))).toEqual(askedBy(saasPlan(ofDatabase, nothing)));
});

test('goes on wherever it broke off, and a run that finds all of it there changes nothing', async () => {
  const rows = await readSaasDatabase(beside.databaseUrl);
  const plan = async (served: Served) => saasPlan(rows, served);
  expect(await importBreaking(door, plan)).toBeGreaterThan(1);
  const before = await everything();
  expect(lines(await runImport(door, 'saas-litellm', beside.inDatabase, '--apply'))).toEqual(
    all('is there'),
  );
  expect(lines(await runImport(door, 'saas-litellm', beside.atApi, '--apply'))).toEqual(
    all('is there'),
  );
  expect(await everything()).toEqual(before);
});

test('teams have what was left, their terms and their state', async () => {
  const told = async (path: string) => (await door.ask('GET', path)).json;
  expect(await told('/api/teams/acme-prod')).toMatchObject({
    organization_id: 'acme',
    status: 'active',
    credits_allocated: 750,
    credits_remaining: 750,
    budget_mode: 'consumption_usd',
    credits_per_dollar: 20,
    tokens_per_credit: 5000,
    access_groups: ['basic-chat'],
    allowed_model_aliases: ['chat-fast'],
    metadata: { credits_used_before_import: 250 },
  });
  const team = await door.stores.records.teams.find('acme-prod');
  expect(team).toMatchObject({
    markupBasisPoints: 1_550,
    autoRefill: { amount: 100_000_000n, every: 'monthly' },
  });
  expect(await told('/api/teams/gone-debt')).toMatchObject({
    status: 'paused',
    credits_remaining: 0,
  });
  expect(await told('/api/organizations/gone')).toMatchObject({ status: 'suspended' });
  expect(await told('/api/models/old-chat')).toMatchObject({ status: 'inactive' });
});

test('clients keep the key that they had, and no other is made', async () => {
  const own = await door.ask('GET', '/api/credits/teams/acme-prod/balance', undefined, {
    authorization: `Bearer ${ACME_KEY}`,
  });
  expect(own.json).toMatchObject({ team_id: 'acme-prod', credits_remaining: 750 });
  const paused = await door.ask('GET', `/key/info?key=${PAUSED_KEY}`);
  expect(paused.json.info).toMatchObject({ team_id: 'gone-debt' });
  expect(await door.stores.records.keys.ofTeam('acme-prod')).toHaveLength(1);
  const rows = await door.postgres.$queryRaw`select row_to_json(k)::text from virtual_keys k`;
  expect(JSON.stringify(rows)).not.toContain(ACME_KEY);
  expect(door.logged()).not.toContain(ACME_KEY);
});

test('what calls cost at providers shows as spend, exact out of the database and as rounded as its API is', async () => {
  const told = async (path: string) => (await door.ask('GET', path)).json;
  expect((await told('/team/info?team_id=acme-prod')).team_info.spend).toBe(0.55);
  expect((await told(`/key/info?key=${ACME_KEY}`)).info.spend).toBe(0.55);
  expect((await told('/organization/info?organization_id=acme')).spend).toBe(0.55);
  expect(await told('/customer/info?end_user_id=visitor-7')).toMatchObject({
    organization_id: 'acme',
    spend: 0.3,
  });
  await fill(
    beside.databaseUrl,
    'update llm_calls set provider_cost_usd = 0.10000049 where provider_cost_usd = 0.1',
  );
  const again = async (where: Readonly<Record<string, string>>) =>
    lines(await runImport(door, 'saas-litellm', where, '--apply'));
  expect(await again(beside.inDatabase)).toContain(
    'spend 0.55000049 USD of team acme-prod: finished',
  );
  expect(await again(beside.atApi)).toContain('spend 0.55 USD of team acme-prod: is there');
  expect((await told('/team/info?team_id=acme-prod')).team_info.spend).toBe(0.55000049);
});

test('credits are what is left to the last fraction; a team without an organization goes where one is named', async () => {
  const rows = await readSaasDatabase(beside.databaseUrl);
  const teams = rows.teams.map((team) => ({
    ...team,
    credits_allocated: '1000.1',
    credits_used: '999.8',
  }));
  const { steps } = saasPlan({ ...rows, teams }, { models: [], groups: [] }, 'ours');
  expect(steps.find(({ name }) => name === 'lost')?.make.body).toMatchObject({
    organization_id: 'ours',
    credits_allocated: '0.3',
    metadata: { credits_used_before_import: 999.8 },
  });
});

async function everything() {
  const { organizations, teams, keys } = door.stores.records;
  const [audit, entries] = await Promise.all([
    door.postgres.auditEntry.count(),
    door.postgres.creditEntry.count(),
  ]);
  return [
    audit,
    entries,
    await organizations.list(),
    await teams.find('acme-prod'),
    await teams.find('gone-debt'),
    await keys.ofTeam('acme-prod'),
    await keys.ofTeam('gone-debt'),
  ];
}
