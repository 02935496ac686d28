import type { Receipt } from '../delivery/envelope.ts';
import type { ShownMessage } from './shown.ts';

/**
 * What a person sees after an action. `ok` is false where Slack would show a failure: `error` is its
 * name, `sentence` what stands on the screen.
 */
export type Outcome = {
  ok: boolean;
  error?: 'operation_timeout' | 'dispatch_failed' | 'not_a_command' | 'incomplete' | 'bad_answer';
  sentence?: string;
  /** What the app answered, as it came. */
  ack?: unknown;
  /** Messages beside inputs, by block id. */
  errors?: Record<string, string>;
  /** The message that the answer became. */
  message?: ShownMessage;
  tookMs?: number;
};

const FAILURES = {
  late: 'operation_timeout',
  unreachable: 'dispatch_failed',
} as const;

/** The outcome of a delivery, before what the answer means is looked at. */
export function outcomeOf(receipt: Receipt, sentence: (error: string) => string): Outcome {
  if (receipt.outcome === 'acknowledged') {
    return { ok: true, ack: receipt.body, tookMs: receipt.tookMs };
  }
  const error = FAILURES[receipt.outcome];
  return { ok: false, error, sentence: sentence(error) };
}
