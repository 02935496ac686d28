// The calls under way, and the beat that tells the gate they still are. Each mark carries what its call
// would cost if it ended now, so that a call whose proxy dies is charged for what was delivered.

import type { AdmittedCall } from '../core/gateway/admission.ts';
import type { Gate } from '../core/gateway/gate.ts';
import { settlementOf } from '../core/gateway/settlement.ts';
import type { Clock } from '../core/time.ts';
import type { StreamRelay } from './stream-relay.ts';
import type { Deployment } from './upstream.ts';

/** A streamed event carries about one output token in about this many bytes. */
const BYTES_PER_EVENT = 180;
/** English text; marks are estimates. */
const BYTES_PER_INPUT_TOKEN = 4;

export interface OpenCall {
  readonly call: AdmittedCall;
  readonly promptBytes: number;
  deployment: Deployment | undefined;
  relay: StreamRelay | undefined;
}

export interface OpenCalls {
  add(open: OpenCall): void;
  remove(open: OpenCall): void;
  count(): number;
  /** Resolves when no call is under way any more, or after the time-out. */
  drained(timeoutMs: number): Promise<void>;
  stop(): void;
}

export function createOpenCalls(
  gate: Gate,
  clock: Clock,
  markEveryMs: number,
  onComplaint: (error: unknown) => void,
): OpenCalls {
  const open = new Set<OpenCall>();
  let whenEmpty: (() => void) | undefined;

  const beat = setInterval(() => {
    const now = clock();
    // Younger ones will settle by themselves or be marked by the next beat, long before their deadline.
    const calls = [...open].filter(({ call }) => now - call.startedAtMs >= markEveryMs / 2);
    if (calls.length > 0) {
      gate.mark(calls.map((one) => markOf(one, now))).catch(onComplaint);
    }
  }, markEveryMs);

  return {
    add: (one) => void open.add(one),
    remove(one) {
      open.delete(one);
      if (open.size === 0) {
        whenEmpty?.();
      }
    },
    count: () => open.size,
    async drained(timeoutMs) {
      if (open.size === 0) {
        return;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        whenEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    stop: () => clearInterval(beat),
  };
}

function markOf({ call, relay, deployment, promptBytes }: OpenCall, nowMs: number) {
  const relayedBytes = relay?.relayedBytes() ?? 0;
  const delivered = relayedBytes > 0;
  return settlementOf(call, {
    deployment,
    outcome: delivered ? 'completed' : 'failed',
    usage: delivered
      ? {
          input: Math.ceil(promptBytes / BYTES_PER_INPUT_TOKEN),
          output: Math.ceil(relayedBytes / BYTES_PER_EVENT),
        }
      : undefined,
    estimated: true,
    endedAtMs: nowMs,
  });
}
