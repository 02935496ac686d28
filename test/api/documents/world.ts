// What the documents presuppose: a server with their models, and the customers and teams that they name.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shardOf } from '../../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../../src/storage/gate/shards.ts';
import { startQuartermaster } from '../../support/quartermaster.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';
import { handInEvents } from '../../support/usage-events.ts';
import { openManagement } from '../management.ts';
import type { Management, Told } from '../management.ts';
import type { Example } from './example.ts';

const DEMO_FILE = path.resolve(import.meta.dirname, '../../../quartermaster.demo.yaml');

/** Teams that an example speaks of as if they were there, and how each came to be. */
const PRESUPPOSED: Readonly<Record<string, readonly [path: string, body: object]>> = {
  'acme-prod': [
    '/api/teams/create',
    {
      organization_id: 'org_acme',
      team_id: 'acme-prod',
      team_alias: 'ACME Production',
      access_groups: ['gpt-models'],
      credits_allocated: 1000,
    },
  ],
  'client-prod': [
    '/api/teams/create',
    { organization_id: 'org_client', team_id: 'client-prod', access_groups: ['gpt-models'] },
  ],
  'engineering-team': [
    '/team/new',
    {
      team_id: 'engineering-team',
      team_alias: 'Engineering Team',
      max_budget: 1000,
      members_with_roles: [{ role: 'user', user_id: 'ishaan' }],
    },
  ],
  'data-science-team': ['/team/new', { team_id: 'data-science-team', max_budget: 500 }],
  'de35b29e-6ca8-4f47-b804-2b79d07aa99a': [
    '/team/new',
    { team_id: 'de35b29e-6ca8-4f47-b804-2b79d07aa99a', max_budget: 1e-9, budget_duration: '1d' },
  ],
  ...Object.fromEntries(
    [
      '8d916b1c-510d-4894-a334-1c16a93344f5',
      '45e3e396-ee08-4a61-a88e-16b3ce7e0849',
      'team-1234',
      'your_team_id_here',
    ].map((id) => [id, ['/team/new', { team_id: id, max_budget: 100 }]]),
  ),
};
const MADE = /^\/(api\/teams\/create|team\/new)$/;

/** What "acme-prod" had used when its page was written: 250 jobs of October 2024 for 45.67 USD. */
const USED_BEFORE =
  /^GET (\/api\/teams\/acme-prod(\/usage\?period=2024-10)?|\/api\/credits\/balance\?team_id=acme-prod)$/;

export interface World {
  /** Sends an example as it stands; host and key are ours. */
  run(example: Example): Promise<Told>;
  close(): Promise<void>;
}

/** Worlds in which examples run one after the other; a new one begins where the last would be in the way. */
export function createWorlds(): World {
  let now: Awaited<ReturnType<typeof openWorld>> | undefined;
  return {
    async run(example) {
      if (now?.standsInTheWayOf(example) === true) {
        await now.close();
        now = undefined;
      }
      now ??= await openWorld();
      return now.run(example);
    },
    close: async () => now?.close(),
  };
}

async function openWorld() {
  const qm = await startQuartermaster({
    configText: readFileSync(DEMO_FILE, 'utf8')
      .replaceAll('DEMO_PROVIDER_URL', 'PROVIDER')
      .replaceAll('DEMO_PROVIDER_KEY', 'KEY'),
  });
  const management = await openManagement(qm.stores);
  const teams = new Map<string, 'there' | 'gone'>();
  for (const id of ['org_acme', 'org_client']) {
    await management.ask('POST', '/api/organizations/create', { organization_id: id, name: id });
  }
  return {
    standsInTheWayOf: (example: Example): boolean =>
      isOfThePast(example) ||
      (MADE.test(example.path) && teams.has(namesIn(example)[0] ?? '')) ||
      namesIn(example).some((id) => teams.get(id) === 'gone'),
    async run(example: Example): Promise<Told> {
      const ids = namesIn(example);
      for (const id of MADE.test(example.path) ? [] : ids.filter((each) => !teams.has(each))) {
        const [route, body] = PRESUPPOSED[id] ?? [''];
        const told = await management.ask('POST', route, body);
        if (told.status !== 200) {
          throw new Error(`Making ${id}, which the documents presuppose: ${told.text}`);
        }
      }
      if (isOfThePast(example)) {
        await useBefore(qm);
      }
      for (const id of ids) {
        teams.set(id, example.path === '/team/delete' ? 'gone' : 'there');
      }
      return example.path === '/chat/completions'
        ? callOf(qm, management, example)
        : management.ask(example.method, example.path, example.body);
    },
    async close() {
      await management.close();
      await qm[Symbol.asyncDispose]();
    },
  };
}

function isOfThePast({ method, path: route }: Example): boolean {
  return USED_BEFORE.test(`${method} ${route}`);
}

/** Which of the presupposed teams an example names. */
function namesIn({ path: route, body }: Example): string[] {
  const text = `${route} ${JSON.stringify(body)}`;
  return Object.keys(PRESUPPOSED).filter((id) => new RegExp(`["/=]${id}\\b`).test(text));
}

const JOBS = { document_analysis: 120, chat_session: 130 };
const FAILED = 5;
const COST_NANO_USD = 45_670_000_000n;

async function useBefore(qm: Quartermaster): Promise<void> {
  const [key] = await qm.stores.records.keys.ofTeam('acme-prod');
  const types = Object.entries(JOBS).flatMap(([type, count]) => Array<string>(count).fill(type));
  const all = BigInt(types.length);
  await handInEvents(
    qm,
    types.map((jobType, at) => ({
      organizationId: 'org_acme',
      teamId: 'acme-prod',
      keyId: key?.id ?? '',
      at: new Date(Date.UTC(2024, 9, 1 + (at % 28), 12)),
      jobType,
      outcome: at < FAILED ? 'failed' : 'completed',
      costNanoUsd: (COST_NANO_USD * BigInt(at + 1)) / all - (COST_NANO_USD * BigInt(at)) / all,
    })),
  );
  await qm.drain();
  // The gate saw none of these calls: it builds what it lacks from the records.
  const keys = qm.gate.shards[shardOf('org_acme')] as ShardKeys;
  await qm.gate.connection.redis.del(keys.team('acme-prod'));
}

/** A call with the key of the team that the page has just made. */
async function callOf(
  qm: Quartermaster,
  management: Management,
  { path: route, body }: Example,
): Promise<Told> {
  const [team] = Object.keys(PRESUPPOSED).filter((id) => id.startsWith('de35b29e'));
  await management.ask('POST', '/team/new', PRESUPPOSED[team ?? '']?.[1]);
  const made = await management.ask('POST', '/key/generate', { team_id: team });
  const response = await qm.call(made.json.key as string, body as object, route);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}
