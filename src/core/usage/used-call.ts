// Single calls, as long as their organization keeps them: what to ask for, and what is told.

import type { CallOutcome } from './usage.ts';

/** All that are given must hold. */
export interface CallSearch {
  readonly organizationId?: string;
  readonly teamId?: string;
  readonly keyId?: string;
  readonly userId?: string;
  readonly endUserId?: string;
  readonly model?: string;
  readonly callId?: string;
  /** Any of these. */
  readonly outcomes?: readonly CallOutcome[];
  /** In nano-USD, both inclusive. */
  readonly costAtLeast?: bigint;
  readonly costAtMost?: bigint;
  /** When they began, from inclusive to exclusive. */
  readonly from: Date;
  readonly to: Date;
  readonly offset: number;
  readonly limit: number;
}

/** A page of an export. */
export interface CallPage extends Pick<
  CallSearch,
  'organizationId' | 'teamId' | 'from' | 'to' | 'limit'
> {
  /** The last call of the page before. */
  readonly after?: string;
}

/** The total of a search is not counted further: nobody turns so many pages. */
export const CALLS_COUNTED_MAX = 10_000;

export interface UsedCall {
  readonly id: string;
  readonly organizationId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly userId: string | null;
  readonly endUserId: string | null;
  readonly model: string;
  readonly deployment: string;
  readonly jobType: string;
  readonly outcome: CallOutcome;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly tags: readonly string[];
}
