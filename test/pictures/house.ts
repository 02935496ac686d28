// The customers of the pictures, with four weeks of use that look like those of a program people work with.

import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import { reconcileAll } from '../../src/storage/reconcile-all.ts';
import { handInEvents } from '../support/usage-events.ts';
import type { EventWish } from '../support/usage-events.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { givenTeam } from '../bot/person.ts';
import { callsOf } from '../bot/refused.ts';

const HOURS = (28 * DAY_MS) / HOUR_MS;
const HOURS_A_WEEK = (7 * DAY_MS) / HOUR_MS;
/** Of a working hour at noon; nights and weekends have fewer. */
const CALLS_AN_HOUR = 18;
const WEEKEND = [0, 6];
const WEEKEND_PART = 0.35;
/** Each week is a little busier than the one before it. */
const GROWTH_A_WEEK = 0.12;
/** What is charged by cost counts ten credits for a dollar. */
const MICROCREDITS_PER_NANO_USD = 100n;

/** What is called, how often of ten calls, and what a usual call of it comes to. */
const MODELS = [
  { model: 'gpt-4o', ofTen: 5, inputTokens: 15_600, costNanoUsd: 52_000_000n },
  { model: 'gpt-4.1', ofTen: 2, inputTokens: 29_400, costNanoUsd: 72_000_000n },
  { model: 'gpt-4o-mini', ofTen: 3, inputTokens: 19_200, costNanoUsd: 3_600_000n },
] as const;
const TEN = MODELS.flatMap((each) => Array.from({ length: each.ofTen }, () => each));
/** One in so many fails, and costs nothing. */
const FAILS_OF = 83;
/** Far from each other in size, so that neither days nor models look alike. */
const SPREAD = 97;

/** Teams of two customers, and what they used. */
export async function furnish(subject: BotUnderTest): Promise<void> {
  await givenTeam(subject, 'acme-prod', { credits: '4000' });
  await givenTeam(subject, 'acme-dev', { credits: '500' });
  await givenTeam(subject, 'acme-empty', { credits: '0' });
  for (const id of ['globex-prod', 'globex-dev', 'globex-test']) {
    await givenTeam(subject, id, { organizationId: 'globex', channelId: undefined });
  }
  await createEndUser(subject.stores, SYSTEM, { organizationId: 'globex', id: 'customer-7' });
  await useOf(subject, 'acme-prod', 1);
  await useOf(subject, 'acme-dev', 0.15);
  await callsOf(subject, 'acme-empty', { calls: 7 });
}

async function useOf(subject: BotUnderTest, teamId: string, part: number): Promise<void> {
  const { gate, postgres, stores } = subject;
  const [key] = await stores.records.keys.ofTeam(teamId);
  if (key === undefined) {
    throw new Error(`Use ${teamId}: it has no key`);
  }
  const { organizationId, id: keyId } = key;
  const now = stores.clock();
  const calls = Array.from({ length: HOURS }, (_, hour) =>
    callsWithin(now - hour * HOUR_MS, hour, part),
  ).flat();
  const events = calls.map((call) => ({ ...call, organizationId, teamId, keyId }));
  await handInEvents(subject, events.toReversed());
  const shard = gate.shards[shardOf(organizationId)] as ShardKeys;
  let left = events.length;
  await waitFor(
    async () => {
      left -= (await drainShard(postgres, gate, shard)).events;
      return left <= 0;
    },
    { what: `the drain of ${teamId}`, timeoutMs: 30_000 },
  );
  // The calls came past the gate: it takes its balances from the records.
  const parts = { postgres, gate, source: createProjectionSource(postgres) };
  await reconcileAll(parts, { organizationId }, { repair: true });
}

type Call = Omit<EventWish, 'organizationId' | 'teamId' | 'keyId'>;

function callsWithin(end: number, hour: number, part: number): Call[] {
  const at = new Date(end);
  const day = Math.sin((Math.PI * (at.getUTCHours() - 5)) / 16);
  const week = WEEKEND.includes(at.getUTCDay()) ? WEEKEND_PART : 1;
  const growth = 1 - GROWTH_A_WEEK * Math.floor(hour / HOURS_A_WEEK);
  const calls = Math.round(CALLS_AN_HOUR * Math.max(day, 0.05) * week * growth * part);
  return Array.from({ length: calls }, (_, index) => callAt(end, hour * SPREAD + index * 7));
}

/** One call of many: which model and how large goes by its number. */
function callAt(end: number, number: number): Call {
  const kind = TEN[number % TEN.length] ?? MODELS[0];
  const size = BigInt(40 + (number % SPREAD) + (number % 13));
  const costNanoUsd = (kind.costNanoUsd * size) / 90n;
  const call = {
    at: new Date(end - (number % 59) * 60_000),
    model: kind.model,
    inputTokens: Number((BigInt(kind.inputTokens) * size) / 90n),
    outputTokens: Number((1_240n * size) / 90n),
  };
  return number % FAILS_OF === 0
    ? { ...call, outcome: 'failed', costNanoUsd: 0n, charge: 0n }
    : { ...call, costNanoUsd, charge: costNanoUsd / MICROCREDITS_PER_NANO_USD };
}
