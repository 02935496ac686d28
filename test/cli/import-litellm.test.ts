// `quartermaster import litellm`, out of a database such as LiteLLM's proxy keeps, and through an API such as it has.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLiteLlmApi } from '../../src/cli/import/litellm-http.ts';
import { litellmPlan } from '../../src/cli/import/litellm-plan.ts';
import { readLiteLlmDatabase } from '../../src/cli/import/litellm-rows.ts';
import type { Served } from '../../src/cli/import/step.ts';
import type { Door } from '../api/door.ts';
import {
  askedBy,
  fill,
  importBreaking,
  importHere,
  lines,
  openBeside,
  recordedApi,
  runImport,
} from './importing.ts';
import type { Beside } from './importing.ts';
import {
  LITELLM_ANSWERS,
  LITELLM_SQL,
  PERSONAL_SECRET,
  SECRET,
  SHARED_SECRET,
} from './litellm-system.ts';

interface Day {
  readonly date: string;
  readonly metrics: { readonly spend: number };
}

const MASTER_KEY = 'sk-master';

let beside: Beside;
let door: Door;
beforeAll(async () => {
  beside = await openBeside(
    LITELLM_SQL,
    LITELLM_ANSWERS,
    ['authorization', `Bearer ${MASTER_KEY}`],
    MASTER_KEY,
  );
  door = beside.door;
});
afterAll(async () => beside.close());

const here = async (apply: boolean) =>
  importHere(door, 'litellm', { databaseUrl: beside.databaseUrl }, apply);

const MADE = [
  'organization default',
  'organization globex',
  'spend 42.5 USD of organization globex',
  'budget b-key',
  'tag nightly',
  'tag daily',
  'person hank',
  'spend 3.5 USD of person hank',
  'person ivy',
  'team Research',
  'spend 20.25 USD of team Research',
  'member budget hank in t-1',
  'spend 3.5 USD of member hank in t-1',
  'team Blocked',
  'spend 4 USD of team Blocked',
  'key ci',
  'spend 1.25 USD of key ci',
  'key of the organization',
  'key sk-...f-t2',
  'key sk-...body',
  'spend 0.3 USD of key sk-...body',
  'history 0.875 USD in 4 calls of team Research, 2026-10-30 to 2026-11-02',
  'history 0.3 USD in 1 call of key sk-...body, 2026-11-01',
  'customer visitor-7 of globex',
  'spend 2.25 USD of customer visitor-7 of globex',
  'history 0.5 USD in 1 call of customer visitor-7 of globex, 2026-10-30',
  'customer trouble of default',
  'spend 1 USD of customer trouble of default',
  'customer trouble of globex',
  'customer plain of default',
];
const IMPOSSIBLE = [
  expect.stringMatching(/^team t-2: cannot be made \(nobody serves no-such-model here/),
  'key sk-...lost: cannot be made (its team t-9 is not there)',
];
/** What became of everything that can be. */
const all = (outcome: string) =>
  expect.arrayContaining([...MADE.map((step) => `${step}: ${outcome}`), ...IMPOSSIBLE]);

test('says what would be made, and what cannot be and why, and changes nothing', async () => {
  const dry = await runImport(door, 'litellm', beside.inDatabase);
  expect(lines(dry)).toHaveLength(MADE.length + IMPOSSIBLE.length);
  expect(lines(dry)).toEqual(all('would be made'));
  expect(dry.notes.join('\n')).toContain('are not given by an import: default_user_id');
  expect(dry.notes.join('\n')).toContain('Budgets of tags stay behind: nightly');
  expect(dry.notes.join('\n')).toContain(
    'so of "default" here (--organization names another): teams t-2, t-3; customers plain',
  );
  expect(await door.stores.records.organizations.list()).toEqual([]);
});

test('reads the same through the API as out of the database', async () => {
  const [ofDatabase, ofApi] = await Promise.all([
    readLiteLlmDatabase(beside.databaseUrl),
    readLiteLlmApi(beside.source),
  ]);
  const nothing: Served = { models: [], groups: [] };
  expect(askedBy(litellmPlan(ofApi, nothing))).toEqual(askedBy(litellmPlan(ofDatabase, nothing)));
});

test('an API that says no, or speaks of something else, is named and nothing is made', async () => {
  const wrongKey = { url: beside.source.url, adminKey: 'sk-wrong' };
  await expect(importHere(door, 'litellm', wrongKey, true)).rejects.toThrow(
    '/budget/list of the other system: it answered 401',
  );
  const odd = await recordedApi({ '/budget/list': { none: 1 } }, ['authorization', 'Bearer odd']);
  const atOdd = { url: odd.url, adminKey: 'odd' };
  await expect(importHere(door, 'litellm', atOdd, true)).rejects.toThrow('Reading /budget/list');
  await odd.close();
  await expect(runImport(door, 'litellm', {})).rejects.toThrow('QUARTERMASTER_IMPORT_URL');
});

test('an API that fails now and then is asked again; one that tells no organizations says why', async () => {
  const { '/organization/list': _closed, ...open } = LITELLM_ANSWERS;
  const api = await recordedApi(open, ['authorization', 'Bearer sk'], {
    closed: ['/organization/list'],
  });
  const at = { url: api.url, headers: { authorization: 'Bearer sk' } };
  await expect(readLiteLlmApi(at)).rejects.toThrow(/Read its database .* teams do: t-1$/);
  await api.close();
  const none = await recordedApi({ ...open, '/team/list': [] }, ['authorization', 'Bearer sk'], {
    failing: '/user/list?page_size=100&page=2',
    closed: ['/organization/list'],
  });
  const rows = await readLiteLlmApi({ ...at, url: none.url });
  await none.close();
  expect([rows.keys.length, rows.users.length, rows.organizations]).toEqual([6, 3, []]);
});

test('those without an organization go to the one that is named', async () => {
  const rows = await readLiteLlmDatabase(beside.databaseUrl);
  const { steps, notes } = litellmPlan(rows, { models: [], groups: [] }, 'ours');
  const asked = JSON.stringify(askedBy({ steps, notes }));
  expect(steps[0]).toMatchObject({ kind: 'organization', name: 'ours' });
  expect(asked).not.toContain('"default"');
  expect(notes.join()).toContain('so of "ours" here');
});

test('goes on wherever it broke off, and a run that finds all of it there changes nothing', async () => {
  const rows = await readLiteLlmDatabase(beside.databaseUrl);
  const plan = async (served: Served) => litellmPlan(rows, served);
  expect(await importBreaking(door, plan)).toBeGreaterThan(5);
  const before = await everything();
  const atApi = { url: beside.source.url, adminKey: MASTER_KEY };
  const again = await here(true);
  expect(lines(again)).toEqual(all('is there'));
  expect(lines(await importHere(door, 'litellm', atApi, true))).toEqual(all('is there'));
  expect(await everything()).toEqual(before);
  expect(JSON.stringify(before, textOfBigints)).not.toContain('import_unfinished');
});

test('clients keep their keys, with the bounds that they had', async () => {
  const info = await door.ask('GET', `/key/info?key=${SECRET}`);
  expect(info.json.info).toMatchObject({
    key_alias: 'ci',
    user_id: 'hank',
    team_id: 't-1',
    organization_id: 'globex',
    budget_id: 'b-key',
    max_budget: 10,
    rpm_limit: 30,
    max_parallel_requests: 2,
    spend: 1.25,
    tags: ['nightly'],
  });
  const personal = await door.ask('GET', `/key/info?key=${PERSONAL_SECRET}`);
  expect(personal.json.info).toMatchObject({ user_id: 'hank', team_id: null, spend: 0.3 });
  const own = await door.ask('GET', '/key/info', undefined, { authorization: `Bearer ${SECRET}` });
  expect(own.status).toBe(200);
  const blocked = await door.ask('GET', `/key/info?key=${SHARED_SECRET}`);
  expect(blocked.json.info).toMatchObject({ blocked: true, metadata: { use: 'nightly' } });
  const team = await door.ask('GET', '/team/info?team_id=t-1');
  expect(team.json.team_info).toMatchObject({
    team_alias: 'Research',
    organization_id: 'globex',
    models: ['gpt-4o', 'gpt-4o-mini'],
    max_budget: 100,
    tpm_limit: 100_000,
    spend: 20.25,
    team_member_budget_table: { max_budget: 4, rpm_limit: 9, budget_duration: '7d' },
    model_max_budget: { 'gpt-4o': { budget_limit: 9, time_period: '1d' } },
    metadata: { model_rpm_limit: { 'gpt-4o': 7 } },
    litellm_model_table: { model_aliases: { fast: 'gpt-4o-mini' } },
  });
  const { json: tags } = await door.ask('POST', '/tag/info', { names: ['nightly', 'daily'] });
  expect(tags).toMatchObject({ nightly: { description: 'What runs at night' } });
  const { json: found } = await door.ask('GET', '/organization/info?organization_id=globex');
  expect(found.members).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ user_id: 'hank', user_role: 'org_admin' }),
      expect.objectContaining({ user_id: 'ivy', user_role: 'internal_user' }),
    ]),
  );
  const other3 = await door.ask('GET', '/team/info?team_id=t-3');
  expect(other3.json.team_info).toMatchObject({ blocked: true, metadata: { owner: 'ops' } });
});

test('budgets count on from what was spent, in the gate as on record', async () => {
  const used = async (path: string) => (await door.ask('GET', path)).json.budgets;
  expect(await used('/api/teams/t-1/limits')).toMatchObject([
    { max_usd: 100, used_usd: 20.25 },
    { max_usd: 30, duration: '1d', used_usd: 0 },
    { max_usd: 9, used_usd: 0, model: 'gpt-4o' },
  ]);
  expect(await used('/api/organizations/globex/limits')).toMatchObject([
    { max_usd: 500, used_usd: 42.5 },
  ]);
  expect(await used('/api/organizations/globex/users/hank/limits')).toMatchObject([
    { max_usd: 50, used_usd: 3.5 },
  ]);
  expect(await used('/api/teams/t-1/members/hank/limits')).toMatchObject([
    { max_usd: 5, used_usd: 3.5 },
  ]);
  // Whose period is over there begins at 0, and who has none of their own follows the team's.
  expect(await used('/api/organizations/globex/users/ivy/limits')).toMatchObject([
    { max_usd: 0, used_usd: 0 },
  ]);
  expect(await used('/api/teams/t-1/members/ivy/limits')).toMatchObject([
    { max_usd: 4, used_usd: 0 },
  ]);
});

test('what was spent there shows wherever spend does, and no credits were charged for it', async () => {
  const told = async (path: string) => (await door.ask('GET', path)).json;
  const team = await told('/team/info?team_id=t-1');
  expect(team.team_info.spend).toBe(20.25);
  expect(team.team_memberships).toContainEqual(
    expect.objectContaining({ user_id: 'hank', spend: 3.5 }),
  );
  expect((await told('/team/info?team_id=t-3')).team_info.spend).toBe(4);
  expect((await told('/organization/info?organization_id=globex')).spend).toBe(42.5);
  expect((await told('/user/info?user_id=hank')).user_info.spend).toBe(3.5);
  expect(await told('/customer/info?end_user_id=visitor-7')).toMatchObject({
    organization_id: 'globex',
    alias: 'Visitor',
    blocked: false,
    spend: 2.25,
    litellm_budget_table: { max_budget: 3, budget_duration: '1d' },
  });
  // Who is blocked there is blocked for every customer's calls.
  for (const organization of ['default', 'globex']) {
    const path = `/customer/info?end_user_id=trouble&organization_id=${organization}`;
    expect(await told(path)).toMatchObject({ blocked: true });
  }
  expect(await door.postgres.creditEntry.count()).toBe(0);
});

test('reports by day show what was used there, which no sum of spend counts again', async () => {
  const days = async (path: string) => {
    const { json } = await door.ask('GET', `${path}start_date=2026-10-01&end_date=2026-11-30`);
    return json.results.map(({ date, metrics }: Day) => [date, metrics.spend]);
  };
  expect(await days('/team/daily/activity?team_ids=t-1&')).toEqual([
    ['2026-11-02', 0.125],
    ['2026-10-30', 0.75],
  ]);
  expect(await days('/user/daily/activity?user_id=hank&')).toEqual([
    ['2026-11-01', 0.3],
    ['2026-10-30', 0.75],
  ]);
  expect(await days('/customer/daily/activity?end_user_ids=visitor-7&')).toEqual([
    ['2026-10-30', 0.5],
  ]);
  const { json: month } = await door.ask('GET', '/api/organizations/globex/usage?period=2026-10');
  expect(month.summary).toMatchObject({ total_jobs: 3, total_cost_usd: 0.75 });
  const team = await door.ask('GET', '/team/info?team_id=t-1');
  expect(team.json.team_info.spend).toBe(20.25);
});

test('days that changed there come over in place of what they were; those of who is gone stay behind', async () => {
  await fill(
    beside.databaseUrl,
    `update "LiteLLM_DailyTeamSpend" set spend = 0.625 where id = 'd-3';
     insert into "LiteLLM_DailyTeamSpend" (id, team_id, date, api_key, model, spend, api_requests) values
       ('d-5', 't-gone', '2026-11-01', 'k', 'gpt-4o', 0.0625, 1), ('d-6', '', '2026-11-01', 'k', 'gpt-4o', 0.5, 1);`,
  );
  const changed = 'history 1.375 USD in 4 calls of team Research, 2026-10-30 to 2026-11-02';
  const run = await here(true);
  expect(lines(run)).toContain(`${changed}: finished`);
  expect(run.notes.join('\n')).toContain('that are gone stay behind: 0.5625 USD');
  const { json } = await door.ask(
    'GET',
    '/api/brought-usage?subject=team:t-1&from=2026-10-30&to=2026-11-02',
  );
  expect(json).toMatchObject({ rows: 2, calls: 4, failed_calls: 1, spent_usd: 1.375 });
});

test('what says otherwise there by now is told, and what is here is left as it is', async () => {
  await fill(
    beside.databaseUrl,
    `update "LiteLLM_TeamTable" set team_alias = 'Renamed', max_budget = 200 where team_id = 't-1';
     update "LiteLLM_VerificationToken" set models = '{gpt-4o}' where key_alias = 'ci';
     update "LiteLLM_EndUserTable" set blocked = false where user_id = 'trouble'`,
  );
  const { outcomes } = await here(true);
  const differing = outcomes.filter(({ difference }) => difference !== undefined);
  expect(differing.map(({ kind, outcome, difference }) => [kind, outcome, difference])).toEqual([
    [
      'team',
      'is there',
      'team_alias (there Renamed, here Research), max_budget (there 200, here 100): left as it is here',
    ],
    ['key', 'is there', 'models (there gpt-4o, here none): left as it is here'],
    ['customer', 'is there', 'blocked (there false, here true): left as it is here'],
  ]);
  await fill(
    beside.databaseUrl,
    `update "LiteLLM_TeamTable" set team_alias = 'Research', max_budget = 100 where team_id = 't-1'`,
  );
});

test('imported again with a higher spend, the difference comes over, once', async () => {
  await fill(
    beside.databaseUrl,
    `update "LiteLLM_TeamTable" set spend = 25.5 where team_id = 't-1';
     update "LiteLLM_TeamTable" set spend = 4.000000000000001 where team_id = 't-3'`,
  );
  const changed = 'spend 25.5 USD of team Research';
  const dry = lines(await here(false));
  expect(dry.filter((line) => line.endsWith('would be finished'))).toEqual([
    `${changed}: would be finished`,
  ]);
  expect(lines(await here(true))).toContain(`${changed}: finished`);
  expect(lines(await here(true))).toContain(`${changed}: is there`);
  const { json } = await door.ask('GET', '/api/teams/t-1/limits');
  expect(json.budgets[0]).toMatchObject({ max_usd: 100, used_usd: 25.5 });
  const info = await door.ask('GET', '/team/info?team_id=t-1');
  expect(info.json.team_info.spend).toBe(25.5);
});

function textOfBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

async function everything() {
  const { organizations, teams, keys, users, members } = door.stores.records;
  const audit = await door.postgres.auditEntry.count();
  return [
    audit,
    await organizations.list(),
    await teams.find('t-1'),
    await teams.find('t-3'),
    await keys.ofTeam('t-1'),
    await keys.ofTeam('t-3'),
    await users.list('globex'),
    await members.ofTeam('t-1'),
  ];
}
