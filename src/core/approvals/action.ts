// What can wait for an approval: an action as a value, so that it can be kept, shown and done later.

import type { CeilingChange } from '../ceilings/change.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { GrantTerms } from '../credits/grant.ts';
import type { CreditPolicy } from '../credits/policy.ts';
import type { AutoRefillWish } from '../credits/set-auto-refill.ts';

export const ACTION_KINDS = [
  'top_up',
  'grant',
  'refund',
  'transfer',
  'budget',
  'limit',
  'resume',
  'deduct',
  'overdraft',
  'refill',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

interface CreditAction {
  readonly teamId: string;
  /** Microcredits. */
  readonly amount: bigint;
  readonly reason: string;
  /** What is posted under it is posted once, whoever asks and however often. */
  readonly reference: string;
}

export type ProposedAction =
  | ({ readonly kind: 'top_up' } & CreditAction)
  | ({ readonly kind: 'grant'; readonly terms: Partial<GrantTerms> } & CreditAction)
  /** With `isRest`, all that was not refunded yet; the amount says how much that was when it was asked for. */
  | ({ readonly kind: 'refund'; readonly eventId: string; readonly isRest: boolean } & CreditAction)
  | ({ readonly kind: 'transfer'; readonly toTeamId: string } & CreditAction)
  | ({ readonly kind: 'deduct' } & CreditAction)
  | OverdraftAction
  | RefillAction
  | CeilingAction
  | ResumeAction;

/** What happens at 0 credits: how far a team may go below. */
export interface OverdraftAction {
  readonly kind: 'overdraft';
  readonly teamId: string;
  readonly wish: Partial<CreditPolicy>;
  readonly reason: string;
  readonly reference: string;
}

/** Topping up without anybody asking; null ends it. */
export interface RefillAction {
  readonly kind: 'refill';
  readonly teamId: string;
  readonly wish: AutoRefillWish | null;
  readonly reason: string;
  readonly reference: string;
}

/** Raising what bounds a subject. */
export interface CeilingAction {
  readonly kind: 'budget' | 'limit';
  readonly subject: Subject;
  readonly changes: readonly CeilingChange[];
  readonly reason: string;
  readonly reference: string;
}

/** Letting a team or a whole customer call again. */
export interface ResumeAction {
  readonly kind: 'resume';
  readonly subject: Extract<Subject, { kind: 'team' | 'organization' }>;
  /** Empty where none was given: letting somebody go on asks for none. */
  readonly reason: string;
  readonly reference: string;
}

/** Whether it is all records: then it is done in the very change that decides on it. */
export function isInOneStep({ kind }: ProposedAction): boolean {
  return kind !== 'transfer' && kind !== 'deduct';
}

export function isAboutCeilings(action: ProposedAction): action is CeilingAction {
  return action.kind === 'budget' || action.kind === 'limit';
}

export function isAboutCredits(
  action: ProposedAction,
): action is Extract<ProposedAction, CreditAction> {
  return 'amount' in action;
}

/** The subject whose state decides whether an approval still means what was seen. */
export function subjectOf(action: ProposedAction): Subject {
  return 'subject' in action ? action.subject : { kind: 'team', teamId: action.teamId };
}

const BIG = '$bigint';
const DATE = '$date';

/** As JSON can hold it: amounts as digits, moments as text. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return { [BIG]: value.toString() };
  }
  if (value instanceof Date) {
    return { [DATE]: value.toISOString() };
  }
  if (Array.isArray(value)) {
    return value.map(toJson);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, each]) =>
          each === undefined ? [] : [[name, toJson(each)]],
        ),
      )
    : value;
}

/** What toJson made, as it was. */
export function fromJson(json: unknown): unknown {
  if (Array.isArray(json)) {
    return json.map(fromJson);
  }
  if (typeof json !== 'object' || json === null) {
    return json;
  }
  const { [BIG]: big, [DATE]: date } = json as Record<string, unknown>;
  if (typeof big === 'string') {
    return BigInt(big);
  }
  return typeof date === 'string'
    ? new Date(date)
    : Object.fromEntries(Object.entries(json).map(([name, each]) => [name, fromJson(each)]));
}
