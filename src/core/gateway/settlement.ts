import { chargeAt, quantityOf } from '../pricing/charge.ts';
import { costNanoUsd } from '../pricing/price.ts';
import type { ModelPrice, UsageTokens } from '../pricing/price.ts';
import type { AdmittedCall } from './admission.ts';
import type { Settlement } from './gate.ts';

/** How a call ended, as its door saw it. */
export interface CallEnd {
  readonly deployment: { readonly id: string; readonly price: ModelPrice | undefined } | undefined;
  /** Completed: the client got an answer, or left it. Failed: it got none, or a broken one. */
  readonly outcome: 'completed' | 'failed';
  /** Undefined where nothing was used. */
  readonly usage: UsageTokens | undefined;
  /** Whether we counted, because the provider told nothing. */
  readonly estimated: boolean;
  readonly endedAtMs: number;
}

/**
 * What a call is charged, by the terms at its admission. A call outside of a job is a job: it costs one
 * credit if it completed. By consumption, what was used is charged however the call ended.
 */
export function settlementOf(call: AdmittedCall, end: CallEnd): Settlement {
  const usage = end.usage ?? { input: 0, output: 0 };
  const price = end.deployment?.price;
  const cost = end.usage === undefined || price === undefined ? 0n : costNanoUsd(price, usage);
  return {
    identity: call.identity,
    reservationId: call.reservationId,
    model: call.model,
    deployment: end.deployment?.id ?? '',
    jobType: call.jobType,
    outcome: end.outcome,
    inputTokens: usage.input,
    outputTokens: usage.output,
    costNanoUsd: cost,
    charge: chargeOf(call, end, { costNanoUsd: cost, usageTokens: usage.input + usage.output }),
    estimated: end.estimated,
    taken: call.taken,
    jobId: call.jobId,
    endUserId: call.endUserId,
    startedAtMs: call.startedAtMs,
    endedAtMs: end.endedAtMs,
  };
}

function chargeOf(
  call: AdmittedCall,
  end: CallEnd,
  used: { readonly costNanoUsd: bigint; readonly usageTokens: number },
): bigint {
  if (
    call.rate.basis === 'cost_nano_usd' &&
    end.usage !== undefined &&
    end.deployment?.price === undefined
  ) {
    // Usage without a price never settles at 0.
    return BigInt(call.reservedMicrocredits);
  }
  // A job that pays by the job is charged when it ends, not for its calls.
  const isFreeCall = call.jobId !== undefined || end.outcome === 'failed';
  const free = call.rate.basis === 'call' ? isFreeCall : end.usage === undefined;
  return free ? 0n : chargeAt(call.rate, quantityOf(call.rate, used));
}
