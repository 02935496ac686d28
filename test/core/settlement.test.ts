import { describe, expect, test } from 'vitest';
import type { AdmittedCall } from '../../src/core/gateway/admission.ts';
import { settlementOf } from '../../src/core/gateway/settlement.ts';
import type { CallEnd } from '../../src/core/gateway/settlement.ts';
import type { EffectiveRate } from '../../src/core/pricing/charge.ts';

const BY_CALL: EffectiveRate = { basis: 'call', multiplier: 1_000_000n, divisor: 1n };
const BY_COST: EffectiveRate = {
  basis: 'cost_nano_usd',
  multiplier: 10_000_000n,
  divisor: 1_000_000_000n,
};
const BY_TOKENS: EffectiveRate = { basis: 'usage_tokens', multiplier: 1_000_000n, divisor: 1_000n };
/** A dollar for a million tokens, in or out. */
const PRICE = { inputPicoUsdPerToken: 1_000_000n, outputPicoUsdPerToken: 1_000_000n };
const RESERVED = 7_000_000;

const callOf = (rate: EffectiveRate, jobId?: string): AdmittedCall => ({
  identity: {
    hash: 'h',
    lastFour: 'abcd',
    keyId: 'k',
    teamId: 't',
    organizationId: 'o',
    userId: undefined,
  },
  reservationId: 'r',
  model: 'gpt-4o',
  jobId,
  jobType: 'chat',
  outputCap: 100,
  isCapBinding: true,
  rate,
  reservedMicrocredits: RESERVED,
  spendableMicrocredits: 0,
  taken: 'team:t,parallel,0,1',
  ratesLeft: { requests: undefined, usageTokens: undefined },
  shadowed: [],
  startedAtMs: 1,
});
const endOf = (end: Partial<CallEnd> = {}): CallEnd => ({
  deployment: { id: 'd', price: PRICE },
  outcome: 'completed',
  usage: { input: 1_500, output: 500 },
  estimated: false,
  endedAtMs: 2,
  ...end,
});

describe('a call is charged', () => {
  test.each<[string, AdmittedCall, CallEnd, bigint]>([
    [
      'a credit where it completed and the team pays by the job',
      callOf(BY_CALL),
      endOf(),
      1_000_000n,
    ],
    ['nothing where it failed', callOf(BY_CALL), endOf({ outcome: 'failed' }), 0n],
    ['nothing by itself inside of a job', callOf(BY_CALL, 'job'), endOf(), 0n],
    ['its cost by the rate, inside of a job too', callOf(BY_COST, 'job'), endOf(), 20_000n],
    ['its usage tokens by the rate', callOf(BY_TOKENS), endOf(), 2_000_000n],
    ['what it used, though it broke off', callOf(BY_COST), endOf({ outcome: 'failed' }), 20_000n],
    ['nothing where nothing was used', callOf(BY_COST), endOf({ usage: undefined }), 0n],
    [
      'what was reserved where its usage has no price, never nothing',
      callOf(BY_COST),
      endOf({ deployment: { id: 'd', price: undefined } }),
      BigInt(RESERVED),
    ],
    [
      'one unit more than nothing where a cost is below one unit, never less',
      callOf(BY_COST),
      endOf({ usage: { input: 1, output: 0 } }),
      10n,
    ],
  ])('%s', (_, call, end, charge) => {
    expect(settlementOf(call, end).charge).toBe(charge);
  });
});

test('a settlement brings back what the call took of meters, and its real cost', () => {
  expect(settlementOf(callOf(BY_CALL), endOf())).toMatchObject({
    taken: 'team:t,parallel,0,1',
    costNanoUsd: 2_000_000n,
    inputTokens: 1_500,
    outputTokens: 500,
  });
});
