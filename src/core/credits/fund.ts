// Adding credits, the same for every kind of funding: all or nothing, once for each reference.

import type { Actor } from '../audit/audit.ts';
import { tellGateOfCredits } from '../change.ts';
import { complaintAboutName } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { CreditAccount, CreditEntry, FundingKind } from './entry.ts';
import { complaintAboutFunding } from './funding.ts';
import { complaintAboutTermsOfGrant } from './grant.ts';
import type { GrantTerms } from './grant.ts';
import { overdraftAt } from './overdraft.ts';

/** Stands as the reason of a team that suspended itself; the next funding lifts it. */
export const CREDITS_EXHAUSTED = 'credits exhausted';

export interface FundingWish {
  readonly teamId: string;
  /** Microcredits. */
  readonly amount: bigint;
  readonly reason: string;
  /** The same reference never posts twice. */
  readonly reference: string;
  readonly terms?: Partial<GrantTerms>;
}

export interface CreditsPosted {
  /** What was posted: now, or, if `repeated`, before and perhaps by somebody else. */
  readonly entry: CreditEntry;
  readonly repeated: boolean;
  readonly account: CreditAccount;
}

interface FundingOptions {
  readonly kind: Exclude<FundingKind, 'expiry' | 'refund' | 'transfer'>;
  /** Whether a reference that was used for something else is refused; else it counts as repeated. */
  readonly isStrict: boolean;
}

/** Adds credits to a team. The answer comes after the gate has them. */
export async function fund(
  stores: Stores,
  actor: Actor,
  wish: FundingWish,
  options: FundingOptions,
): Promise<CreditsPosted | Refusal> {
  const posted = await stores.records.change<CreditsPosted>(async (records) =>
    fundInside(records, actor, wish, { ...options, nowMs: stores.clock() }),
  );
  if (!isRefusal(posted)) {
    await tellGateOfCredits(stores, wish.teamId);
  }
  return posted;
}

/** As a part of a change; the gate is told by the caller. */
export async function fundInside(
  records: Records,
  actor: Actor,
  wish: FundingWish,
  { kind, isStrict, nowMs }: FundingOptions & { readonly nowMs: number },
): Promise<CreditsPosted | Refusal> {
  const { teamId, amount, reason, reference } = wish;
  const account = await records.ledger.lockedAccount(teamId);
  if (account === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const before = await records.ledger.find(teamId, reference);
  if (before !== undefined) {
    return !isStrict || (await isSame(records, before, { ...wish, kind }))
      ? { entry: before, repeated: true, account }
      : refuse('reference_conflict', { reference });
  }
  const complaint = complaintAboutWish(wish, account, nowMs);
  if (complaint !== undefined) {
    return complaint;
  }
  const { entry } = await records.ledger.post({ ...wish, kind, actor: actor.id });
  const after = { amountMicrocredits: amount.toString(), kind, reference };
  const target = `team:${teamId}`;
  await records.audit.write({ actor, action: 'credits.added', target, after, reason });
  await records.outbox.add({ kind: 'credits.posted', teamId });
  const funded = await afterFunding(records, teamId, nowMs);
  return { entry, repeated: false, account: funded ?? account };
}

function complaintAboutWish(
  { amount, reason, terms }: FundingWish,
  account: CreditAccount,
  nowMs: number,
): Refusal | undefined {
  const aboutAmount = complaintAboutFunding(amount, account);
  if (aboutAmount !== undefined) {
    return refuse('value_invalid', { field: 'amount', complaint: aboutAmount });
  }
  const aboutReason = complaintAboutName(reason);
  if (aboutReason !== undefined) {
    return refuse('value_invalid', { field: 'reason', complaint: aboutReason });
  }
  const aboutTerms = complaintAboutTermsOfGrant(terms ?? {}, nowMs);
  return aboutTerms === undefined ? undefined : refuse('value_invalid', aboutTerms);
}

/** Whether a reference was used for the same; the reason is no part of it, because nothing follows from it. */
async function isSame(
  records: Records,
  entry: CreditEntry,
  { kind, amount, terms = {} }: FundingWish & Pick<FundingOptions, 'kind'>,
): Promise<boolean> {
  if (entry.kind !== kind || entry.amount !== amount) {
    return false;
  }
  const [grant] = await records.grants.ofPosting(entry.postingId);
  const { priority, category, expiresAt } = terms;
  return (
    grant === undefined ||
    ((priority ?? grant.priority) === grant.priority &&
      (category ?? grant.category) === grant.category &&
      (expiresAt ?? null)?.getTime() === grant.expiresAt?.getTime())
  );
}

/** Lets a team call again that suspended itself, if it has something now. Answers its account. */
export async function afterFunding(
  records: Records,
  teamId: string,
  nowMs: number,
): Promise<CreditAccount | undefined> {
  const [account, team] = await Promise.all([
    records.ledger.account(teamId),
    records.teams.find(teamId),
  ]);
  if (account === undefined || team === undefined || team.statusReason !== CREDITS_EXHAUSTED) {
    return account;
  }
  const hasSomething = account.balance + overdraftAt(team, nowMs) > 0n;
  if (hasSomething && (await records.grants.lift(teamId, CREDITS_EXHAUSTED))) {
    await records.audit.write({
      actor: { id: 'system:credits', door: 'system' },
      action: 'team.resumed',
      target: `team:${teamId}`,
      before: { status: 'suspended' },
      after: { status: 'active' },
      reason: 'credits were added',
    });
    await records.outbox.add({ kind: 'team.changed', teamId });
  }
  return account;
}
