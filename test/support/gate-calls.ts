// Calls as the gate sees them, for tests that ask it directly.

import { newId } from '../../src/core/ids.ts';
import type {
  AdmissionAsk,
  KeyIdentity,
  Settlement,
  UsageBound,
} from '../../src/core/gateway/gate.ts';

export const SMALL_BOUND: UsageBound = {
  inputNanoUsd: 0,
  outputPicoUsdPerToken: 0,
  inputTokens: 10,
  answers: 1,
  outputCap: 100,
  minimumOutputCap: 16,
  unbounded: null,
};

/** A call of gpt-4o that asks for little. */
export function askOf(
  identity: KeyIdentity,
  wish: Partial<Omit<AdmissionAsk, 'identity' | 'bound'>> & {
    readonly bound?: Partial<UsageBound>;
  } = {},
): AdmissionAsk {
  const { bound, ...rest } = wish;
  const model = rest.model ?? 'gpt-4o';
  return {
    reservationId: newId(),
    asked: rest.asked ?? model,
    model,
    endpoint: 'chat',
    address: '0'.repeat(32),
    jobId: undefined,
    jobType: 'chat',
    ...rest,
    identity,
    bound: { ...SMALL_BOUND, ...bound },
  };
}

/** The end of such a call: one credit, unless it says otherwise. */
export function settlementOfAsk(ask: AdmissionAsk, end: Partial<Settlement> = {}): Settlement {
  const { identity, reservationId, model, jobId, jobType } = ask;
  return {
    identity,
    reservationId,
    model,
    jobId,
    jobType,
    deployment: 'test',
    outcome: 'completed',
    inputTokens: 1,
    outputTokens: 2,
    costNanoUsd: 3n,
    charge: 1_000_000n,
    estimated: false,
    taken: '',
    startedAtMs: Date.now(),
    endedAtMs: Date.now(),
    ...end,
  };
}
