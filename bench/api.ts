// The management API over many customers: lists, searches, single records, changes and new teams, in both dialects, over
// HTTP and one after the other, as a script asks.
// `npm run bench:api`, with `-- --teams 100000` (ten keys and one person each), `-- --usage 10000000` rows of roll-ups,
// `-- --rounds 60`, `-- --plans bench/api-plans.md` to write the plan of each question's slowest statement, `-- --json` for one
// JSON object as the last line.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { percentile } from './figures.ts';
import { SESSION_NAME, startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { makeManyCustomers, middleTeam } from './many-customers.ts';
import { createPlanTap } from './plans.ts';
import type { PlanTap } from './plans.ts';

const { values } = parseArgs({
  options: {
    teams: { type: 'string', default: '100000' },
    usage: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '60' },
    plans: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const SIZES = { teams: Number(values.teams), usageRows: Number(values.usage) };
const ROUNDS = Number(values.rounds);
/** The first answers of a fresh process are those of its compiler. */
const WARM_UP_ROUNDS = 10;
const REQUEST_TIMEOUT_MS = 30_000;

interface Question {
  readonly name: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string | ((round: number) => string);
  readonly body?: (round: number) => object;
}

function questions(): readonly Question[] {
  const { teamId, organizationId } = middleTeam(SIZES);
  const nth = (round: number): number => (round * 7_919) % SIZES.teams;
  return [
    { name: 'teams, first page', path: '/api/teams?limit=50' },
    { name: 'teams of an organization', path: `/api/teams?organization_id=${organizationId}` },
    { name: 'team', path: (round) => `/api/teams/team-${nth(round)}` },
    { name: 'keys of a team', path: `/api/keys?team_id=${teamId}` },
    { name: 'organizations', path: '/api/organizations' },
    { name: 'organization', path: `/api/organizations/${organizationId}` },
    {
      name: 'usage of a team, a month',
      path: (round) => `/api/teams/team-${nth(round)}/usage?period=2026-10`,
    },
    {
      name: 'change of a team',
      method: 'PUT',
      path: (round) => `/api/teams/team-${nth(round)}`,
      body: (round) => ({ team_alias: `Renamed ${round}` }),
    },
    { name: 'litellm: teams, first page', path: '/v2/team/list?page=1&page_size=100' },
    {
      name: 'litellm: teams, a page in the middle',
      path: `/v2/team/list?page=${SIZES.teams / 200}&page_size=100`,
    },
    {
      name: 'litellm: teams by a part of the name',
      path: (round) => `/v2/team/list?team_alias=${(nth(round) * 65_537).toString(16).slice(0, 4)}`,
    },
    { name: 'litellm: team', path: (round) => `/team/info?team_id=team-${nth(round)}` },
    { name: 'litellm: keys, first page', path: '/key/list?size=100' },
    { name: 'litellm: keys of a team', path: `/key/list?size=100&team_id=${teamId}` },
    { name: 'litellm: a key by its name', path: (round) => `/key/list?key_alias=absent-${round}` },
    {
      name: 'litellm: names of keys by a part',
      path: (round) => `/key/aliases?search=${(nth(round) * 65_537).toString(16).slice(0, 5)}`,
    },
    { name: 'litellm: key', path: (round) => `/key/info?key=key-${nth(round)}-1` },
    { name: 'litellm: people', path: '/user/list?page_size=25' },
    { name: 'litellm: person', path: (round) => `/user/info?user_id=user-${nth(round)}` },
    {
      name: 'litellm: daily activity of a team',
      path: (round) =>
        `/team/daily/activity?team_ids=team-${nth(round)}&start_date=2026-10-01&end_date=2026-10-31`,
    },
    {
      name: 'litellm: change of a team',
      method: 'POST',
      path: '/team/update',
      body: (round) => ({ team_id: `team-${nth(round)}`, tpm_limit: 1_000_000 + round }),
    },
    {
      name: 'litellm: change of a key',
      method: 'POST',
      path: '/key/update',
      body: (round) => ({ key: `key-${nth(round)}-2`, key_alias: `renamed-${round}` }),
    },
    {
      name: 'a new team with its key',
      method: 'POST',
      path: '/api/teams/create',
      body: (round) => ({
        organization_id: organizationId,
        team_id: `new-${round}`,
        access_groups: ['gpt-models'],
        credits_allocated: 100,
      }),
    },
  ];
}

interface Times {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

async function main(): Promise<void> {
  const nothingPinned = { pinned: [], description: '' };
  const tap = values.plans === undefined ? undefined : createPlanTap(SESSION_NAME);
  await using installation = await startInstallation(nothingPinned, undefined, tap);
  console.log('Making customers');
  const began = performance.now();
  await makeManyCustomers(installation.databaseUrl, SIZES, console.log);
  console.log(`made in ${((performance.now() - began) / 1_000).toFixed(0)} s\n`);
  const measured: Record<string, Times> = {};
  console.log('   p50 ms    p95 ms');
  for (const question of questions()) {
    const times = await timesOf(installation, question);
    measured[question.name] = times;
    const columns = [times.p50Ms, times.p95Ms].map((ms) => ms.toFixed(1).padStart(9));
    console.log(`${columns.join(' ')}   ${question.name}`);
  }
  if (tap !== undefined && values.plans !== undefined) {
    await writeFile(values.plans, await plansOf(tap, installation));
  }
  if (values.json) {
    console.log(JSON.stringify(measured));
  }
}

async function timesOf(installation: Installation, question: Question): Promise<Times> {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const began = performance.now();
    await ask(installation, question, round);
    times.push(performance.now() - began);
  }
  const sorted = times.slice(WARM_UP_ROUNDS).toSorted((one, other) => one - other);
  return { p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
}

/** Past the rounds that were measured, so that nothing is known already. */
const PLAN_ROUND = 1_000;

async function plansOf(tap: PlanTap, installation: Installation): Promise<string> {
  const { teams, usageRows } = SIZES;
  const parts = [
    `# Plans of the management API's questions, over ${teams.toLocaleString('en')} teams and ${usageRows.toLocaleString('en')} rows of usage\n`,
    'Of each question the slowest statement, where one took a millisecond or more. Written by `npm run bench:api -- --plans`.\n',
  ];
  for (const question of questions()) {
    const slowest = await tap.slowestOf(installation.databaseUrl, async () =>
      ask(installation, question, PLAN_ROUND),
    );
    const told =
      slowest === undefined
        ? 'Every statement took less.'
        : `${slowest.ms.toFixed(1)} ms: \`${shortened(slowest.statement)}\`\n\n\`\`\`\n${slowest.plan}\n\`\`\``;
    parts.push(`## ${question.name}\n\n${told}\n`);
  }
  return parts.join('\n');
}

const STATEMENT_SHOWN_MAX = 300;

/** Without the columns, which say nothing of how rows are found. */
function shortened(statement: string): string {
  const short = statement.replace(/^SELECT .*? FROM/, 'SELECT … FROM');
  return short.length > STATEMENT_SHOWN_MAX ? `${short.slice(0, STATEMENT_SHOWN_MAX)} …` : short;
}

async function ask(
  { port, adminKey }: Installation,
  { method = 'GET', path, body }: Question,
  round: number,
): Promise<void> {
  const target = typeof path === 'string' ? path : path(round);
  const response = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body(round)) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${target}: status ${response.status}: ${text}`);
  }
}

await main();
process.exit();
