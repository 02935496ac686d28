import {
  assert,
  asyncProperty,
  bigInt,
  constant,
  constantFrom,
  integer,
  option,
  record,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { KeyIdentity, UsageBound } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { chargeAt, quantityOf } from '../../src/core/pricing/charge.ts';
import type { EffectiveRate } from '../../src/core/pricing/charge.ts';
import { askOf } from '../support/gate-calls.ts';
import { PEPPER } from '../support/quartermaster.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const RUNS = 150;
const TIMEOUT_MS = 300_000;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const shared = { model: null, shadow: false, boost: null };

interface Room {
  readonly mode: 'consumption_usd' | 'consumption_tokens' | 'job_based';
  readonly credits: bigint;
  readonly budgetNanoUsd: bigint | null;
  readonly usageTokens: number | null;
}

const room: Arbitrary<Room> = record({
  mode: constantFrom(
    'consumption_usd' as const,
    'consumption_tokens' as const,
    'job_based' as const,
  ),
  credits: bigInt({ min: 1n, max: 3_000_000n }),
  budgetNanoUsd: option(bigInt({ min: 0n, max: 400_000_000n })),
  usageTokens: option(integer({ min: 0, max: 9_000 })),
});

const bound: Arbitrary<UsageBound> = record({
  inputNanoUsd: integer({ min: 0, max: 90_000_000 }),
  outputPicoUsdPerToken: integer({ min: 0, max: 90_000_000 }),
  inputTokens: integer({ min: 0, max: 4_000 }),
  answers: integer({ min: 1, max: 3 }),
  outputCap: integer({ min: 16, max: 4_000 }),
  minimumOutputCap: constant(16),
  unbounded: constant(null),
});

function ceilingsOf({ budgetNanoUsd, usageTokens }: Room): Ceilings {
  return {
    limits: usageTokens === null ? [] : [{ ...shared, kind: 'usage_tokens', max: usageTokens }],
    budgets:
      budgetNanoUsd === null
        ? []
        : [
            {
              ...shared,
              duration: '1d',
              maxNanoUsd: budgetNanoUsd,
              softNanoUsd: null,
              anchorMs: 0,
            },
          ],
  };
}

/** Whether everything pays for a cap, reckoned without the gate. */
function pays(some: Room, rate: EffectiveRate, call: UsageBound, cap: number): boolean {
  const nano =
    BigInt(call.inputNanoUsd) + (BigInt(cap) * BigInt(call.outputPicoUsdPerToken) + 999n) / 1_000n;
  const usageTokens = call.inputTokens + call.answers * cap;
  const quantity = quantityOf(rate, { costNanoUsd: nano, usageTokens });
  return (
    chargeAt(rate, quantity) <= some.credits &&
    (some.budgetNanoUsd === null || nano <= some.budgetNanoUsd) &&
    (some.usageTokens === null || usageTokens <= some.usageTokens)
  );
}

async function newcomer(some: Room): Promise<KeyIdentity> {
  const { id, secretKey } = await qm.team({
    credits: some.credits,
    terms: { budgetMode: some.mode, microcreditsPerUsd: 10_000_000n, tokensPerCredit: 1_500n },
  });
  await qm.stores.records.teams.update(id, { ceilings: ceilingsOf(some) });
  await qm.gate.project({ teamId: id });
  const identity = await qm.gate.identify(hashOfKey(secretKey, PEPPER), '');
  return identity as KeyIdentity;
}

/** What the gate charges by, as it would tell it with an admission. */
const RATES: Readonly<Record<Room['mode'], EffectiveRate>> = {
  job_based: { basis: 'call', multiplier: 1_000_000n, divisor: 1n },
  consumption_usd: { basis: 'cost_nano_usd', multiplier: 10_000_000n, divisor: 1_000_000_000n },
  consumption_tokens: { basis: 'usage_tokens', multiplier: 1_000_000n, divisor: 1_500n },
};

test(
  'a call gets the largest cap that balance, budget and limit all pay, up to what it asked for',
  async () => {
    await assert(
      asyncProperty(room, bound, async (some, call) => {
        const verdict = await qm.gate.admit(askOf(await newcomer(some), { bound: call }));
        const fits = (cap: number): boolean => pays(some, RATES[some.mode], call, cap);
        const isRight = verdict.admitted
          ? fits(verdict.outputCap) &&
            (verdict.outputCap === call.outputCap || !fits(verdict.outputCap + 1))
          : !fits(call.minimumOutputCap);
        expect(
          isRight,
          JSON.stringify(verdict, (_, value) =>
            typeof value === 'bigint' ? String(value) : value,
          ),
        ).toBe(true);
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
