// Questions about usage, answered from roll-ups: how long each takes with so many events behind them, and how that grows.
// The roll-ups are made up as the drain would have left them; the events themselves are not asked, and not made.
// `npm run bench:usage`, with `-- --events 1000000,10000000,100000000`, `-- --plans bench/usage-plans.md` to write the
// plans of the largest, `-- --json` for one JSON object as the last line.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { segmentsOf } from '../src/core/usage/usage-range.ts';
import type { UsageQuery } from '../src/core/usage/usage-range.ts';
import { rangeStatement } from '../src/storage/postgres/usage-range.ts';
import { createRecords } from '../src/storage/postgres/records.ts';
import { startScene } from './drain-scene.ts';
import type { DrainScene } from './drain-scene.ts';
import { CALLS_PER_ORGANIZATION, makeUpUsage } from './made-up-usage.ts';

const ROUNDS = 21;
const YEAR = { from: new Date('2026-01-01Z'), to: new Date('2027-01-01Z') };
const RAGGED = { from: new Date('2026-01-17Z'), to: new Date('2026-11-05Z') };
const WEEK = { from: new Date('2026-12-21Z'), to: new Date('2026-12-28Z') };
const organization = { kind: 'organization', organizationId: 'org-1' } as const;
const team = { kind: 'team', teamId: 'org-1-team-1' } as const;
const key = { kind: 'key', keyId: 'org-1-team-1-key-1' } as const;
const user = { kind: 'user', organizationId: 'org-1', userId: 'user-5' } as const;

const QUESTIONS: readonly (readonly [string, UsageQuery])[] = [
  ['team, a year in one sum', { ...YEAR, scope: team, step: 'all', by: [] }],
  ['team, a year by day and model', { ...YEAR, scope: team, step: 'day', by: ['model'] }],
  ['team, a ragged range by key', { ...RAGGED, scope: team, step: 'all', by: ['key'] }],
  ['team, a week by hour', { ...WEEK, scope: team, step: 'hour', by: [] }],
  ['key, a week by hour and model', { ...WEEK, scope: key, step: 'hour', by: ['model'] }],
  ['user, a year by month', { ...YEAR, scope: user, step: 'month', by: [] }],
  ['organization, a year in one sum', { ...YEAR, scope: organization, step: 'all', by: [] }],
  [
    'organization, a year by month and team',
    { ...YEAR, scope: organization, step: 'month', by: ['team'] },
  ],
  [
    'organization, a ragged range by tag',
    { ...RAGGED, scope: organization, step: 'all', by: ['tag'] },
  ],
  ['organization, a year by user', { ...YEAR, scope: organization, step: 'all', by: ['user'] }],
  ['organization, a year by day', { ...YEAR, scope: organization, step: 'day', by: [] }],
];

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000,10000000' },
    plans: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

interface Times {
  /** Until the rows are there, as a caller waits for them. */
  readonly askedMs: number;
  /** What the database says that it took itself. */
  readonly postgresMs: number;
}

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const scene = await startScene(stack);
  const scales = values.events.split(',').map(Number);
  const measured: Record<string, Record<string, Times>> = {};
  let made = 0;
  for (const events of scales) {
    const organizations = Math.max(2, Math.round(events / CALLS_PER_ORGANIZATION));
    await makeUpUsage(scene.postgres, made, organizations);
    made = organizations;
    const title = `${(events / 1_000_000).toLocaleString('en')} million events`;
    console.log(`\n${title}, ${await sizeOf(scene)}\n  asked for ms   in Postgres ms`);
    const times: Record<string, Times> = {};
    for (const [name, query] of QUESTIONS) {
      const time = {
        askedMs: await medianMsOf(scene, query),
        postgresMs: await postgresMsOf(scene, query),
      };
      times[name] = time;
      const columns = [time.askedMs, time.postgresMs].map((ms) => ms.toFixed(1).padStart(12));
      console.log(`${columns.join('  ')}   ${name}`);
    }
    measured[title] = times;
  }
  if (values.plans !== undefined) {
    await writeFile(values.plans, await plansOf(scene, scales.at(-1) ?? 0));
  }
  if (values.json) {
    console.log(JSON.stringify(measured));
  }
}

async function medianMsOf({ postgres }: DrainScene, query: UsageQuery): Promise<number> {
  const { usage } = createRecords(postgres);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const rows = await usage.range(query);
    times.push(performance.now() - began);
    if (rows.length === 0) {
      throw new Error(`Asking ${JSON.stringify(query)}: there is no answer`);
    }
  }
  return medianOf(times);
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

async function sizeOf({ postgres }: DrainScene): Promise<string> {
  const [size] = await postgres.$queryRaw<{ rows: bigint; size: string }[]>`
    SELECT (SELECT count(*) FROM usage_by_key) + (SELECT count(*) FROM usage_by_team)
        + (SELECT count(*) FROM usage_by_organization) AS rows,
      pg_size_pretty(pg_total_relation_size('usage_by_key') + pg_total_relation_size('usage_by_team')
        + pg_total_relation_size('usage_by_organization')) AS size`;
  return `${size?.rows.toLocaleString('en')} rows of roll-ups, ${size?.size}`;
}

async function postgresMsOf(scene: DrainScene, query: UsageQuery): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const plan = await planOf(scene, query);
    times.push(Number(/Execution Time: ([\d.]+) ms/.exec(plan)?.[1]));
  }
  return medianOf(times);
}

async function plansOf(scene: DrainScene, events: number): Promise<string> {
  const plans: string[] = [];
  for (const [name, query] of QUESTIONS) {
    const title = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    plans.push(`## ${title}\n\n\`\`\`\n${await planOf(scene, query)}\n\`\`\`\n`);
  }
  const title = `# Plans of questions about usage, with ${events.toLocaleString('en')} events behind them`;
  return `${title}\n\nWritten by \`npm run bench:usage -- --plans\`.\n\n${plans.join('\n')}`;
}

async function planOf({ postgres }: DrainScene, query: UsageQuery): Promise<string> {
  const { text, values: given } = rangeStatement(query, segmentsOf(query, 'UTC'));
  const lines = await postgres.$queryRawUnsafe<Record<string, string>[]>(
    `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) ${text}`,
    ...given,
  );
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}

await main();
process.exit();
