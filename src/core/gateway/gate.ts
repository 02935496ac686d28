// The gate knows what must be known now, the same for every replica, and decides in one step. It is a
// projection: what it lacks is loaded from the records, and it can be rebuilt from them at any moment.

import type { EffectiveRate } from '../pricing/charge.ts';
import type { CallOutcome } from '../usage/usage.ts';

/** What never changes about a key, and therefore may be remembered outside of the gate. */
export interface KeyIdentity {
  readonly hash: string;
  readonly lastFour: string;
  readonly keyId: string;
  readonly teamId: string;
  readonly organizationId: string;
}

/**
 * What a call can use at most, known before it is made. Plain numbers below 2^53: the gate counts in
 * doubles.
 */
export interface UsageBound {
  /** Cost of prompt and fees. */
  readonly inputNanoUsd: number;
  /** Cost of one more token of output cap, for all answers together. */
  readonly outputPicoUsdPerToken: number;
  readonly inputTokens: number;
  readonly answers: number;
  /** The cap that the client asked for, or the most the model gives. */
  readonly outputCap: number;
  /** Below this cap a call is not worth making; it is refused instead. */
  readonly minimumOutputCap: number;
  /** What can't be bounded; only a team that pays by the job may then call. */
  readonly unbounded: string | null;
}

/** One call that asks to be let through. */
export interface AdmissionAsk {
  readonly identity: KeyIdentity;
  /** Becomes the usage event's id. */
  readonly reservationId: string;
  readonly model: string;
  readonly jobType: string;
  readonly bound: UsageBound;
}

export type GateRefusal =
  | 'key_revoked'
  | 'key_blocked'
  | 'key_expired'
  | 'organization_suspended'
  | 'team_suspended'
  | 'team_paused'
  | 'model_not_allowed'
  | 'cost_unbounded'
  | 'credits_exhausted';

export type Verdict =
  | {
      readonly admitted: true;
      readonly reservedMicrocredits: number;
      /** At most the cap asked for: as much as the balance pays. */
      readonly outputCap: number;
      /** The terms at admission; a change of the team's terms never touches a call under way. */
      readonly rate: EffectiveRate;
      readonly spendableMicrocredits: number;
    }
  | {
      readonly admitted: false;
      readonly code: GateRefusal;
      readonly spendableMicrocredits: number;
      /** What the least acceptable call would have to reserve. */
      readonly neededMicrocredits: number;
    };

/** What a call really used; becomes its usage event. */
export interface Settlement {
  readonly identity: KeyIdentity;
  readonly reservationId: string;
  readonly model: string;
  readonly deployment: string;
  readonly jobType: string;
  readonly outcome: CallOutcome;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: bigint;
  readonly charge: bigint;
  readonly estimated: boolean;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

export interface Settled {
  readonly chargedMicrocredits: number;
  readonly excessMicrocredits: number;
  readonly spendableMicrocredits: number;
}

/** A team's money as the gate has it, in microcredits. */
export interface GateBalance {
  /** What a new call may reserve. */
  readonly spendable: bigint;
  /** Held by open reservations. */
  readonly reserved: bigint;
  /** Charged since the team's beginning, drained or not. */
  readonly charged: bigint;
  /** All funding that the gate has applied. */
  readonly funded: bigint;
}

/** Every method throws GateUnavailable when the gate can't answer: closed, never free. */
export interface Gate {
  /** Who a key belongs to; undefined if there is no such key. */
  identify(hash: string, lastFour: string): Promise<KeyIdentity | undefined>;
  /** One round trip, shared with the asks of the same event-loop turn. */
  admit(ask: AdmissionAsk): Promise<Verdict>;
  /** Key and statuses only: may this key call anything at all? Reserves nothing. */
  probe(identity: KeyIdentity): Promise<GateRefusal | undefined>;
  /** Ends a reservation and hands in its usage event, in one step; a second time changes nothing. */
  settle(settlement: Settlement): Promise<Settled>;
  /** Says that calls are still under way and what each would cost if it ended now. */
  mark(settlements: readonly Settlement[]): Promise<void>;
  /** The aliases that a team may use, sorted. */
  allowedModels(identity: Pick<KeyIdentity, 'teamId' | 'organizationId'>): Promise<string[]>;
  balance(team: { id: string; organizationId: string }): Promise<GateBalance>;
  /** Brings what the records say of these to the gate; older never overwrites newer. */
  project(subject: ProjectionSubject): Promise<void>;
}

export type ProjectionSubject =
  | { readonly organizationId: string }
  | { readonly teamId: string }
  | { readonly keyId: string }
  | { readonly catalog: true };
