import type { CeilingHit, KeyIdentity } from '../gateway/gate.ts';
import type { Refusal, RefusalCode } from '../refusals.ts';

/** What was known of a call when it was refused. Plain numbers in microcredits, as the gate has them. */
export interface CallSight {
  readonly teamId: string;
  readonly organizationId: string;
  readonly keyId: string;
  readonly lastFour: string;
  readonly userId?: string | undefined;
  /** The name of the model, as the client used it. */
  readonly asked?: string;
  /** What that name stood for. */
  readonly model?: string;
  readonly endpoint?: string;
  readonly jobId?: string | undefined;
  readonly spendableMicrocredits?: number;
  /** What the least acceptable call would have had to reserve. */
  readonly neededMicrocredits?: number;
  readonly hit?: CeilingHit | undefined;
}

/** What is known of every call that has a caller. */
export function sightOf(caller: KeyIdentity): CallSight {
  const { teamId, organizationId, keyId, lastFour, userId } = caller;
  return { teamId, organizationId, keyId, lastFour, userId };
}

/** One call that was refused, as it is kept for those who are asked why. */
export interface RefusedCall {
  /** Stands in the client's answer. */
  readonly id: string;
  readonly at: Date;
  readonly refusal: Refusal;
}

/** How often a team was refused for one reason within one hour. */
export interface RefusedCount {
  readonly code: RefusalCode;
  /** When the hour begins. */
  readonly hour: Date;
  readonly calls: number;
}

/** Kept by the proxies. What they keep is bounded, so the oldest and the too many are counted alone. */
export interface RefusedCalls {
  /** For a day, unless there were too many of that team at once. */
  find(id: string): Promise<RefusedCall | undefined>;
  /** The latest first. */
  ofTeam(teamId: string, limit: number): Promise<RefusedCall[]>;
  /** Every refusal, also those that were not kept one by one; for seven days. */
  counts(teamId: string, since: Date): Promise<RefusedCount[]>;
  /** How many calls a budget refused, in whole hours: from inclusive, to exclusive; for seven days. */
  byBudget(
    budget: { readonly subject: string; readonly meter: string },
    from: Date,
    to: Date,
  ): Promise<number>;
}

/** Takes note of a refusal that a client is answered with. Never waits and never fails. */
export type RememberRefusal = (id: string, refusal: Refusal) => void;
