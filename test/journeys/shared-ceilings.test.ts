// Four proxies and two workers share one gate, and a thousand calls are under way at once, half of them
// streams. Every ceiling lets exactly as many through as it pays for: each call uses all that was reserved
// for it, so one call more would be too many, and one call fewer would leave something unused.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Budget } from '../../src/core/budgets/budget.ts';
import type { Limit } from '../../src/core/limits/limit.ts';
import { compileOnce, startProxyProcess, startWorkerProcess } from '../support/crash-scene.ts';
import type { ProxyProcess } from '../support/crash-scene.ts';
import { exactBody } from '../support/held-provider.ts';
import { observeCall } from '../support/observed-call.ts';
import type { CallSeen, ObservedCall } from '../support/observed-call.ts';
import type { Child } from '../support/processes.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { waitFor } from '../support/wait-for.ts';

const PROXIES = 4;
const WORKERS = 2;

const CONFIG = `
models:
  held: { price: { input: 1, output: 2 }, max_output_tokens: 1000, deployments: [{ base_url: os.environ/HELD_PROVIDER }] }
access_groups:
  gpt-models: { models: [held] }
`;

/** What each call is bounded by and uses: 600,000 nano-USD, or 6,000 microcredits at ten credits to the dollar. */
const INPUT = 400;
const OUTPUT = 100;
const COST_NANO_USD = 600_000;
const CHARGE = 6_000n;

let qm: Quartermaster;
let proxies: ProxyProcess[] = [];
let workers: Child[] = [];
beforeAll(async () => {
  qm = await startQuartermaster({
    configText: CONFIG,
    addresses: { HELD_PROVIDER: 'http://127.0.0.1:9/v1' },
  });
  await compileOnce(qm);
  [proxies, workers] = await Promise.all([
    Promise.all(Array.from({ length: PROXIES }, async () => startProxyProcess(qm, CONFIG))),
    Promise.all(
      Array.from({ length: WORKERS }, async () => startWorkerProcess(qm, qm.databaseUrl, CONFIG)),
    ),
  ]);
});
afterAll(async () => {
  await Promise.all(workers.map(async (worker) => worker.kill9()));
  await Promise.all(proxies.map(async (proxy) => proxy.close()));
  await qm[Symbol.asyncDispose]();
});

const limit = (kind: Limit['kind'], max: number): Limit => ({
  kind,
  max,
  model: null,
  shadow: false,
  boost: null,
});

const budget = (maxNanoUsd: number): Budget => ({
  duration: '1y',
  model: null,
  maxNanoUsd: BigInt(maxNanoUsd),
  softNanoUsd: null,
  anchorMs: 0,
  shadow: false,
  boost: null,
});

/** Who calls, how often, how many of these calls pass, and what each refusal of the others says. */
interface Load {
  readonly id: string;
  readonly organizationId: string;
  readonly credits?: bigint;
  readonly limits?: readonly Limit[];
  readonly calls: number;
}

const PLENTY = 1_000_000_000n;
const LOADS: readonly Load[] = [
  { id: 'by-credits', organizationId: 'acme', credits: 300n * CHARGE, calls: 340 },
  { id: 'by-budget-1', organizationId: 'globex', calls: 100 },
  { id: 'by-budget-2', organizationId: 'globex', calls: 100 },
  {
    id: 'by-requests',
    organizationId: 'acme',
    limits: [limit('requests', 100)],
    calls: 140,
  },
  {
    id: 'by-usage-tokens',
    organizationId: 'acme',
    limits: [limit('usage_tokens', 80 * (INPUT + OUTPUT))],
    calls: 140,
  },
  {
    id: 'at-once',
    organizationId: 'acme',
    limits: [limit('parallel', 60)],
    calls: 180,
  },
];
const BUDGET_CALLS = 150;
const PASS: Readonly<Record<string, number>> = {
  'by-credits': 300,
  'by-requests': 100,
  'by-usage-tokens': 80,
  'at-once': 60,
};
const CALLS = 1_000;
const PASSES = 690;

async function begin({ id, organizationId, credits, limits, calls }: Load, first: number) {
  const team = await qm.team({
    id,
    organizationId,
    credits: credits ?? PLENTY,
    terms: { budgetMode: 'consumption_usd' },
  });
  await qm.stores.records.teams.update(id, {
    ceilings: { ...NO_CEILINGS, limits: limits ?? [] },
  });
  await qm.gate.project({ teamId: id });
  return (): ObservedCall[] =>
    Array.from({ length: calls }, (_, at) => {
      const { url } = proxies[(first + at) % PROXIES] as ProxyProcess;
      const shape = { model: 'held', stream: at % 2 === 0, input: INPUT, output: OUTPUT };
      return observeCall(url, team.secretKey, exactBody(shape) as { stream: boolean });
    });
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly limit_source?: string;
}

const refusalsIn = (calls: readonly CallSeen[]): Refused[] =>
  calls
    .filter((call) => !call.delivered)
    .map((call) => (JSON.parse(call.text) as { error: Refused }).error);

const metersOf = async (teamId: string) => qm.gate.meters({ kind: 'team', teamId }, 'acme');

test('of 1,000 calls at once exactly as many pass as each ceiling pays for, and all of it is used', async () => {
  const beginnings = [];
  for (const load of LOADS) {
    beginnings.push(await begin(load, beginnings.length));
  }
  const organization = { ...NO_CEILINGS, budgets: [budget(BUDGET_CALLS * COST_NANO_USD)] };
  await qm.stores.records.organizations.update('globex', { ceilings: organization });
  await qm.gate.project({ organizationId: 'globex' });

  let refused = 0;
  const calls = beginnings.map((start) => start());
  expect(calls.flat()).toHaveLength(CALLS);
  for (const call of calls.flat()) {
    void call.ended.then((seen) => (refused += seen.status === 200 ? 0 : 1));
  }
  const held = (): number => proxies.reduce((sum, { provider }) => sum + provider.calls(), 0);
  await waitFor(() => refused + held() === CALLS, {
    what: 'every call to be refused or under way',
    timeoutMs: 25_000,
  });
  expect(held()).toBe(PASSES);
  // All of it is held now; and there is nothing left that a call could take.
  expect(await metersOf('at-once')).toMatchObject([{ used: 60, max: 60 }]);
  for (const { provider } of proxies) {
    provider.allow('last byte');
  }
  const seen = await Promise.all(
    calls.map(async (group) => Promise.all(group.map(async (call) => call.ended))),
  );
  const byLoad = new Map(LOADS.map(({ id }, at) => [id, seen[at] ?? []]));
  const passed = (id: string): number =>
    (byLoad.get(id) ?? []).filter((call) => call.delivered).length;
  for (const [id, count] of Object.entries(PASS)) {
    expect(passed(id), id).toBe(count);
  }
  expect(passed('by-budget-1') + passed('by-budget-2')).toBe(BUDGET_CALLS);
  await expectRefusals(byLoad);
  await expectAllUsed(byLoad);
}, 90_000);

/** Each refusal names what decided it. */
async function expectRefusals(byLoad: ReadonlyMap<string, readonly CallSeen[]>): Promise<void> {
  const named = (id: string) => {
    const refusals = refusalsIn(byLoad.get(id) ?? []);
    return [...new Set(refusals.map((each) => `${each.code} ${each.limit_source ?? ''}`.trim()))];
  };
  expect(named('by-credits')).toEqual(['credits_exhausted']);
  const texts = refusalsIn(byLoad.get('by-credits') ?? []).map((refusal) => refusal.message);
  expect(texts.filter((text) => !text.includes('team by-credits has 0 spendable'))).toEqual([]);
  const ofOrganization = ['budget_exceeded organization:globex budget-1y'];
  expect([...new Set([...named('by-budget-1'), ...named('by-budget-2')])]).toEqual(ofOrganization);
  expect(named('by-requests')).toEqual(['request_limit_reached team:by-requests requests']);
  expect(named('by-usage-tokens')).toEqual([
    'usage_token_limit_reached team:by-usage-tokens usage_tokens',
  ]);
  expect(named('at-once')).toEqual(['parallel_limit_reached team:at-once parallel']);
}

/** What each ceiling allowed was used to the last unit, and the workers wrote all of it, once. */
async function expectAllUsed(byLoad: ReadonlyMap<string, readonly CallSeen[]>): Promise<void> {
  const events = async () => qm.postgres.usageEvent.findMany();
  const drained = async (): Promise<number> => qm.postgres.usageEvent.count();
  await expect.poll(drained, { timeout: 20_000 }).toBe(PASSES);
  const ids = [...byLoad.values()].flat().filter((call) => call.delivered);
  const recorded = new Set((await events()).map((event) => event.id));
  expect(ids.filter((call) => !recorded.has(call.id ?? ''))).toEqual([]);
  expect((await events()).filter((event) => event.charge !== CHARGE || event.excess > 0n)).toEqual(
    [],
  );
  for (const { id, organizationId, credits } of LOADS) {
    const passes = (byLoad.get(id) ?? []).filter((call) => call.delivered).length;
    const account = await qm.stores.records.ledger.account(id);
    expect(account?.used, id).toBe(BigInt(passes) * CHARGE);
    const left = (credits ?? PLENTY) - BigInt(passes) * CHARGE;
    const balance = await qm.gate.balance({ id, organizationId });
    expect(balance, id).toMatchObject({ spendable: left, reserved: 0n });
    expect(await qm.drift(id), id).toBe(0n);
  }
  const whole = BUDGET_CALLS * COST_NANO_USD;
  const subject = { kind: 'organization', organizationId: 'globex' } as const;
  expect(await qm.gate.meters(subject, 'globex')).toMatchObject([
    { used: whole, held: 0, max: whole },
  ]);
  const [spend] = await qm.postgres.budgetSpend.findMany();
  expect(spend?.spentNanoUsd).toBe(BigInt(whole));
  const usageTokens = 80 * (INPUT + OUTPUT);
  expect(await metersOf('by-usage-tokens')).toMatchObject([
    { used: usageTokens, max: usageTokens },
  ]);
  expect(await metersOf('by-requests')).toMatchObject([{ used: 100, max: 100 }]);
  expect(await metersOf('at-once')).toMatchObject([{ used: 0 }]);
  expect(await qm.postgres.setAsideEvent.count()).toBe(0);
}
