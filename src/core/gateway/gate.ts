// The gate knows what must be known now, the same for every replica, and decides in one step. It is a
// projection: what it lacks is loaded from the records, and it can be rebuilt from them at any moment.

import type { EffectiveRate } from '../pricing/charge.ts';
import type { RatesLeft } from '../limits/rate.ts';
import type { CallOutcome } from '../usage/usage.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { Withholding } from './withholding.ts';

/** What never changes about a key, and therefore may be remembered outside of the gate. */
export interface KeyIdentity {
  readonly hash: string;
  readonly lastFour: string;
  readonly keyId: string;
  readonly teamId: string;
  readonly organizationId: string;
  /** Whose key it is; undefined for a service. */
  readonly userId: string | undefined;
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
  /** The name that the client used. */
  readonly asked: string;
  /** What that name stands for, as far as is known: the gate says so where it is renamed. */
  readonly model: string;
  readonly endpoint: string;
  /** Where the call comes from, in 32 hex digits (see core/keys/address.ts). */
  readonly address: string;
  /** The job that it is a part of; undefined where it stands alone. */
  readonly jobId: string | undefined;
  readonly jobType: string;
  /** The end user that it names. */
  readonly endUserId?: string | undefined;
  readonly bound: UsageBound;
}

/** A job that asks to be opened: what it will be charged is held until it ends. */
export interface JobAsk {
  readonly identity: KeyIdentity;
  readonly jobId: string;
  readonly jobType: string;
  /** Where it is opened from, in 32 hex digits (see core/keys/address.ts). */
  readonly address: string;
  /** How long it may stay open. */
  readonly lifeMs: number;
}

export type GateRefusal =
  | 'key_revoked'
  | 'key_blocked'
  | 'key_expired'
  | 'organization_suspended'
  | 'organization_paused'
  | 'organization_archived'
  | 'team_suspended'
  | 'team_paused'
  | 'team_archived'
  | 'end_user_blocked'
  | 'address_not_allowed'
  | 'endpoint_not_allowed'
  | 'model_not_allowed'
  | 'cost_unbounded'
  | 'job_not_open'
  | 'ceiling_reached'
  | 'credits_exhausted';

/** A ceiling that refused a call or, in shadow, would have. Numbers are in the meter's own unit. */
export interface CeilingHit {
  readonly subject: Subject;
  /** Which of the subject's ceilings (see core/ceilings/ceilings.ts). */
  readonly meter: string;
  readonly max: number;
  /** Used and held together. */
  readonly used: number;
  /** What the least acceptable call would have taken. */
  readonly wanted: number;
  /** After how long it would fit; undefined where waiting does not help. */
  readonly waitSeconds: number | undefined;
}

export type Verdict =
  | {
      readonly admitted: true;
      readonly reservedMicrocredits: number;
      /** At most the cap asked for: as much as the balance pays. */
      readonly outputCap: number;
      /** The terms at admission; a change of the team's terms never touches a call under way. */
      readonly rate: EffectiveRate;
      readonly spendableMicrocredits: number;
      /** What it took of meters, in the gate's own words; its settlement brings them back. */
      readonly taken: string;
      /** Whether a longer answer than the cap would pass a budget or a limit. */
      readonly isCapBinding: boolean;
      readonly ratesLeft: RatesLeft;
      /** Ceilings in shadow that would have refused it. */
      readonly shadowed: readonly CeilingHit[];
    }
  /** The key or its team calls another model by this name: ask for that one. */
  | { readonly admitted: false; readonly code: 'renamed'; readonly model: string }
  | {
      readonly admitted: false;
      readonly code: GateRefusal;
      readonly spendableMicrocredits: number;
      /** What the least acceptable call would have to reserve. */
      readonly neededMicrocredits: number;
      /** How far below 0 the balance may fall. */
      readonly overdraftMicrocredits: number;
      /** Where a ceiling refused. */
      readonly hit: CeilingHit | undefined;
      readonly ratesLeft: RatesLeft;
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
  /** As the verdict gave it. */
  readonly taken: string;
  readonly jobId: string | undefined;
  readonly endUserId?: string | undefined;
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

/** What one ceiling of a subject holds right now. Numbers are in the meter's own unit. */
export interface MeterReading {
  readonly meter: string;
  /** With a boost that is in force. */
  readonly max: number;
  readonly used: number;
  /** By calls under way. */
  readonly held: number;
  /** When it begins anew, or nothing of it is in use; undefined for never. */
  readonly resetsAt: Date | undefined;
  /** How often it would have refused while in shadow. */
  readonly missed: number;
}

/** Every method throws GateUnavailable when the gate can't answer: closed, never free. */
export interface Gate extends Withholding {
  /** Who a key belongs to; undefined if there is no such key. */
  identify(hash: string, lastFour: string): Promise<KeyIdentity | undefined>;
  /** One round trip, shared with the asks of the same event-loop turn. */
  admit(ask: AdmissionAsk): Promise<Verdict>;
  /** Key and statuses only: may this key call anything at all, from there? Reserves nothing. */
  probe(identity: KeyIdentity, address: string): Promise<GateRefusal | undefined>;
  /** What a key and its team call by a name, where that is another model; undefined where it is not. */
  aliasOf(identity: KeyIdentity, asked: string): Promise<string | undefined>;
  /** Opens a job: what it will be charged is reserved under its id. */
  openJob(ask: JobAsk): Promise<Verdict>;
  /** Ends a reservation and hands in its usage event, in one step; a second time changes nothing. */
  settle(settlement: Settlement): Promise<Settled>;
  /** Says that calls are still under way and what each would cost if it ended now. */
  mark(settlements: readonly Settlement[]): Promise<void>;
  /** The aliases that a team may use, sorted. */
  allowedModels(
    user: Pick<KeyIdentity, 'teamId' | 'organizationId'> & Partial<Pick<KeyIdentity, 'keyId'>>,
  ): Promise<string[]>;
  balance(team: { id: string; organizationId: string }): Promise<GateBalance>;
  /** Of those teams that the gate holds, by their ids. Loads none: of the others the ledger knows as much. */
  balances(
    teams: readonly { id: string; organizationId: string }[],
  ): Promise<ReadonlyMap<string, GateBalance>>;
  /** How many reservations are open in all, jobs and what is withheld included. */
  openReservations(): Promise<number>;
  /** Waits until the records hold every call of a team that was settled when asked; false if not in time. */
  untilDrained(team: { id: string; organizationId: string }, timeoutMs: number): Promise<boolean>;
  /** What a subject's ceilings hold right now. */
  meters(subject: Subject, organizationId: string): Promise<MeterReading[]>;
  /** Counts what was spent of a subject's budgets anew from the records, while calls go on. */
  recount(subject: Subject, organizationId: string): Promise<void>;
  /** Brings what the records say of these to the gate; older never overwrites newer. The same for all news. */
  project(subject: ProjectionSubject, news?: News): Promise<void>;
}

/**
 * What there is to tell of a subject: that it was made, that credits came to it, or that something is otherwise than
 * the gate has it. Only the last must not be late.
 */
export type News = 'new' | 'more' | 'changed';

export type ProjectionSubject =
  | { readonly organizationId: string }
  | { readonly teamId: string }
  | { readonly keyId: string }
  | { readonly teamId: string; readonly memberId: string }
  | { readonly organizationId: string; readonly userId: string }
  | { readonly organizationId: string; readonly endUserId: string }
  | { readonly catalog: true };
