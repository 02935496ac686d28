// What an approver must have seen of a team before a yes counts. Usage is no part of it: it changes all the time,
// and what is shown of the balance is of the moment. What people changed is.

import { spokenCeilings } from '../ceilings/audit-ceilings.ts';
import { findSubject } from '../ceilings/subject-records.ts';
import type { FoundSubject } from '../ceilings/subject-records.ts';
import { sha256 } from '../ids.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import { isAboutCeilings, isAboutCredits, subjectOf, toJson } from './action.ts';
import type { ProposedAction } from './action.ts';

/** By the word for it; as text, so that two states are compared as they are shown. */
export type SubjectState = Readonly<Record<string, string>>;

const STATE_NAME_LENGTH = 16;

/** One short name for a state; a button carries it, so that a yes says what it was given to. */
export function nameOfState(state: SubjectState): string {
  const sorted = Object.entries(state).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(sorted)).slice(0, STATE_NAME_LENGTH);
}

/** What is different now, in the words of the state: `status`, `funding`. */
export function differencesOf(before: SubjectState, now: SubjectState): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]);
}

/** The state now. Inside of a change, what it is made of is locked until the change is over. */
export async function readState(
  records: Records,
  action: ProposedAction,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<SubjectState | Refusal> {
  const subject = subjectOf(action);
  if (lock) {
    await lockFor(records, action);
  }
  const found = await findSubject(records, subject);
  if (isRefusal(found)) {
    return found;
  }
  return {
    ...(await standingOf(records, found.organizationId, action)),
    ...(isAboutCredits(action) ? await fundingOf(records, action.teamId) : {}),
    ...(isAboutCeilings(action) ? ceilingsOf(found) : {}),
    ...(await termsOf(records, action)),
  };
}

/** In the order in which the actions themselves lock. */
async function lockFor(records: Records, action: ProposedAction): Promise<void> {
  if (action.kind === 'transfer') {
    for (const id of [action.teamId, action.toTeamId].toSorted()) {
      await records.ledger.lockedAccount(id);
    }
  } else if (isAboutCredits(action)) {
    await records.ledger.lockedAccount(action.teamId);
  } else if (action.kind === 'overdraft') {
    await records.ledger.lockedAccount(action.teamId);
  } else if (action.kind === 'refill') {
    await records.teams.locked(action.teamId);
  } else if (action.kind === 'resume') {
    const { subject } = action;
    await (subject.kind === 'team'
      ? records.teams.locked(subject.teamId)
      : records.organizations.locked(subject.organizationId));
  }
}

async function standingOf(
  records: Records,
  organizationId: string,
  action: ProposedAction,
): Promise<SubjectState> {
  const teamId = teamOf(action);
  const [organization, team] = await Promise.all([
    records.organizations.find(organizationId),
    teamId === null ? undefined : records.teams.find(teamId),
  ]);
  return {
    organization: organization?.status ?? 'unknown',
    ...(teamId === null ? {} : { team: team?.status ?? 'unknown' }),
    ...(team?.statusReason ? { 'reason of the status': team.statusReason } : {}),
  };
}

/** The team that an action is about; null where it is about more than one. */
export function teamOf(action: ProposedAction): string | null {
  const subject = subjectOf(action);
  return 'teamId' in subject ? subject.teamId : null;
}

async function fundingOf(records: Records, teamId: string): Promise<SubjectState> {
  const account = await records.ledger.account(teamId);
  return { funding: String(account?.fundingSequence ?? 0n) };
}

/** What else an action changes, or needs of another team. */
async function termsOf(records: Records, action: ProposedAction): Promise<SubjectState> {
  switch (action.kind) {
    case 'transfer': {
      const receiver = await records.teams.find(action.toTeamId);
      return { receiver: receiver?.status ?? 'unknown' };
    }
    case 'overdraft': {
      const team = await records.teams.find(action.teamId);
      const { limitPolicy, overdraft, graceUntil } = team ?? {};
      return { overdraft: JSON.stringify(toJson([limitPolicy, overdraft, graceUntil])) };
    }
    case 'refill': {
      const team = await records.teams.find(action.teamId);
      return { refill: JSON.stringify(toJson(team?.autoRefill ?? null)) };
    }
    default:
      return {};
  }
}

function ceilingsOf({ ceilings }: FoundSubject): SubjectState {
  const spoken = spokenCeilings(ceilings);
  return {
    limits: JSON.stringify(spoken['limits']),
    budgets: JSON.stringify(spoken['budgets']),
  };
}
