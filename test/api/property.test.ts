// Every operation of the OpenAPI document, asked what a client may ask and what none should: it never breaks, it
// answers with a status that is documented, and with a body of that status's schema.
//
// API_RUNS says how many requests each operation gets, API_SEED which: a failure is seen again by its seed.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { OPERATIONS } from './documented.ts';
import { madeUp } from './made-up.ts';
import type { Names } from './made-up.ts';
import { callOnce } from './one-call.ts';
import { openTenants } from './tenants.ts';

const RUNS = Number(process.env['API_RUNS'] ?? 5);
const SEED = Number(process.env['API_SEED'] ?? 20_261_121);

let door: Door;
const names: Record<string, readonly string[]> = {};
beforeAll(async () => {
  door = await openDoor();
  const { own, foreign } = await openTenants(door);
  const { json: key } = await door.ask('POST', '/api/keys/create', { team_id: own.teamId });
  const call = { secretKey: key.virtual_key, model: 'gpt-4o', jobType: 'chat' };
  const drain = await callOnce(door, { ...call, costNanoUsd: 1_000_000n });
  await drain();
  const credential = { organization_id: 'acme', provider: 'openai', credential_name: 'main' };
  const kept = await door.ask('POST', '/api/provider-credentials/create', {
    ...credential,
    api_key: 'sk-of-a-provider',
  });
  const hook = { url: 'https://example.com/hook', organization_id: 'acme' };
  const webhook = await door.ask('POST', '/api/webhooks', hook);
  await door.ask('POST', '/budget/new', { budget_id: 'small', max_budget: 5 });
  const people = [own.userId, foreign.userId];
  const teams = [own.teamId, foreign.teamId];
  Object.assign(names, {
    organization_id: ['acme', 'rival'],
    team_id: teams,
    from_team_id: teams,
    to_team_id: teams,
    key_id: [own.keyId, key.key_id],
    key: [own.keyId, key.key_id],
    user_id: people,
    user: people,
    job: ['none'],
    provider: ['openai', 'anthropic'],
    'provider-credential_id': [kept.json.credential_id],
    webhook_id: [webhook.json.webhook_id],
    budget_id: ['small'],
    access_groups: ['gpt-models'],
    models: ['gpt-4o', 'gpt-models', '*'],
    model: ['gpt-4o'],
    role: ['admin', 'user', 'org_admin', 'internal_user'],
    budget_duration: ['1d', '30d'],
    time_zone: ['UTC', 'Europe/Berlin'],
    period: ['2026-11', '2026-11-21'],
  } satisfies Names);
});
afterAll(async () => door.close());

describe(`with seed ${SEED}`, () => {
  test.each(
    OPERATIONS.map(
      (operation) => [`${operation.route[0]} ${operation.route[1]}`, operation] as const,
    ),
  )('%s never breaks, and answers as documented', async (_name, operation) => {
    const [method] = operation.route;
    await fc.assert(
      fc.asyncProperty(madeUp(operation, names), async ({ url, body, headers }) => {
        // The door throws where an answer differs from its documentation.
        const told = await door.ask(method, url, body, headers);
        expect([told.status < 500, told.text]).toEqual([true, told.text]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
