// Credits in whole numbers, for tests: what moves them, and what must hold after each movement.

import { expect } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { grantCredits } from '../../src/core/credits/grant-credits.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { AdmissionAsk } from '../../src/core/gateway/gate.ts';
import { askOf, settlementOfAsk } from './gate-calls.ts';
import type { Quartermaster } from './quartermaster.ts';

export const CREDIT = 1_000_000n;
/** One credit for each dollar. */
const NANO_USD_PER_MICROCREDIT = 1_000n;

/** A team that pays a credit for each dollar. */
export const BY_COST = {
  terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: CREDIT },
} as const;

export interface OpenCall {
  readonly ask: AdmissionAsk;
  readonly taken: string;
}

/** Begins a call that holds so many microcredits; undefined where it is refused. */
export async function begin(
  qm: Quartermaster,
  team: { readonly id: string; readonly keyId: string },
  microcredits: bigint,
): Promise<OpenCall | undefined> {
  const key = await qm.stores.records.keys.find(team.keyId);
  if (key === undefined) {
    throw new Error(`There is no key ${team.keyId}`);
  }
  const { hash, lastFour, organizationId } = key;
  const identity = {
    hash,
    lastFour,
    keyId: team.keyId,
    teamId: team.id,
    organizationId,
    userId: undefined,
  };
  const ask = askOf(identity, {
    bound: { inputNanoUsd: Number(microcredits * NANO_USD_PER_MICROCREDIT) },
  });
  const verdict = await qm.gate.admit(ask);
  return verdict.admitted ? { ask, taken: verdict.taken } : undefined;
}

/** Ends it, charging so many microcredits. */
export async function end(qm: Quartermaster, call: OpenCall, microcredits: bigint): Promise<void> {
  const costNanoUsd = microcredits * NANO_USD_PER_MICROCREDIT;
  const { ask, taken } = call;
  await qm.gate.settle(settlementOfAsk(ask, { charge: microcredits, costNanoUsd, taken }));
}

/** A whole call, not yet in the records. Answers its id. */
export async function use(
  qm: Quartermaster,
  team: { readonly id: string; readonly keyId: string },
  microcredits: bigint,
): Promise<string> {
  const call = await begin(qm, team, microcredits);
  if (call === undefined) {
    throw new Error(`A call of ${team.id} for ${microcredits} microcredits was refused`);
  }
  await end(qm, call, microcredits);
  return call.ask.reservationId;
}

let grants = 0;
/** A grant; answers the posting. */
export async function give(
  qm: Quartermaster,
  teamId: string,
  credits: number,
  terms: NonNullable<Parameters<typeof grantCredits>[2]['terms']> = {},
) {
  grants += 1;
  const reference = `grant-${grants}`;
  const amount = BigInt(credits) * CREDIT;
  const wish = { teamId, amount, reason: 'a test', reference, terms };
  const posted = await grantCredits(qm.stores, SYSTEM, wish);
  if (isRefusal(posted)) {
    throw new Error(`No grant: ${JSON.stringify(posted)}`);
  }
  return posted;
}

/** What remains of a team's grants, in their order, in credits. */
export async function remains(qm: Quartermaster, teamId: string): Promise<number[]> {
  const left = await qm.stores.records.grants.ofTeam(teamId);
  return left.map((grant) => Number(grant.remaining) / Number(CREDIT));
}

/** What remains of grants sums to the balance, or to 0 while it is below. */
export async function expectGrantsSound(
  qm: Quartermaster,
  ...teamIds: readonly string[]
): Promise<void> {
  for (const teamId of teamIds) {
    const account = await qm.stores.records.ledger.account(teamId);
    const balance = account?.balance ?? 0n;
    const { _sum: sum } = await qm.postgres.creditGrant.aggregate({
      where: { teamId },
      _sum: { remaining: true },
    });
    expect(sum.remaining ?? 0n, `grants of ${teamId}`).toBe(balance > 0n ? balance : 0n);
  }
}

/** What must hold at every moment: grants sum to the balance, the ledger to 0, the gate to the ledger. */
export async function expectSound(qm: Quartermaster, ...teamIds: readonly string[]): Promise<void> {
  await expectGrantsSound(qm, ...teamIds);
  for (const teamId of teamIds) {
    expect(await qm.drift(teamId), `gate of ${teamId}`).toBe(0n);
  }
  const { _sum: all } = await qm.postgres.creditEntry.aggregate({ _sum: { amount: true } });
  expect(all.amount ?? 0n, 'all lines').toBe(0n);
}
