// An action of a person is done at once, or waits for others: the policy decides, in the same change that does or
// keeps it. So nobody passes a bound by doing two things at the same time.

import type { Actor } from '../audit/audit.ts';
import { findSubject } from '../ceilings/subject-records.ts';
import { subjectText } from '../ceilings/subject.ts';
import { isRepeated } from '../change.ts';
import type { Repeated } from '../change.ts';
import { newId } from '../ids.ts';
import { once } from '../once.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import { act } from './act.ts';
import type { Acted } from './act.ts';
import { isAboutCredits, isInOneStep, subjectOf, toJson } from './action.ts';
import type { ActionKind, ProposedAction } from './action.ts';
import { doFree, isFreeAndOpen, keepFree } from './free.ts';
import { neededApproval } from './policy.ts';
import type { NeededApproval } from './policy.ts';
import type { Proposal } from './proposal.ts';
import { complaintAboutDoing } from './rehearse.ts';
import { readState, teamOf } from './subject-state.ts';
import { amountOf } from './weigh.ts';

export interface Asked {
  readonly action: ProposedAction;
  /** Where it was asked for. */
  readonly channelId: string | undefined;
  /** However often it is delivered, it has one effect. */
  readonly onceKey: string;
  /** What speaks against it by now, asked inside of the change and the first time alone. */
  readonly unless?: (records: Records) => Promise<Refusal | undefined>;
  /** Microcredits of all that one request adds, of which this is a part: that is weighed. */
  readonly weighedAs?: bigint;
}

/** What became of it: done, or waiting. `isNew` is false where the same was proposed before. */
export type ActedOrProposed = Acted | { readonly proposal: Proposal; readonly isNew: boolean };

/** Does it once, or proposes it once. What could not be done is not proposed. */
export async function actOrPropose(
  stores: Stores,
  actor: Actor,
  asked: Asked,
): Promise<ActedOrProposed | Refusal | Repeated> {
  const { action } = asked;
  const done = await tryOnce(stores, actor, asked).catch(async (error: unknown) => {
    if (!(error instanceof Unrehearsed)) {
      throw error;
    }
    const complaint = await complaintAboutDoing(stores, actor, action);
    return complaint ?? tryOnce(stores, actor, asked, { isRehearsed: true });
  });
  if (isRepeated(done)) {
    // The first time may have met a fault after it was kept.
    const kept = await stores.records.approvals.findByReference(action.reference);
    return kept !== undefined && isFreeAndOpen(kept) ? doFree(stores, kept) : done;
  }
  return 'free' in done ? doFree(stores, done.free) : done;
}

/** It needs others, and it is not known yet whether it can be done. */
class Unrehearsed extends Error {
  override name = 'Unrehearsed';
}

/** In one change, which is undone where something is to be rehearsed before. @throws Unrehearsed */
async function tryOnce(
  stores: Stores,
  actor: Actor,
  asked: Asked,
  { isRehearsed = false } = {},
): Promise<ActedOrProposed | Free | Refusal | Repeated> {
  const { action, onceKey } = asked;
  return once<ActedOrProposed | Free>(stores, onceKey, async (inside) => {
    const weighed = (await asked.unless?.(inside.records)) ?? (await weigh(inside, actor, asked));
    if (isRefusal(weighed)) {
      return weighed;
    }
    const { needed, organizationId } = weighed;
    if (needed !== undefined) {
      if (!isRehearsed) {
        throw new Unrehearsed('Proposing: whether it can be done is to be found out first');
      }
      return propose(inside, actor, asked, needed);
    }
    if (isInOneStep(action)) {
      return act(inside, actor, action);
    }
    const kept = await keepFree(inside, actor, action, organizationId);
    if (isRefusal(kept)) {
      return kept;
    }
    return isFreeAndOpen(kept) ? { free: kept } : { proposal: kept, isNew: false };
  });
}

interface Free {
  readonly free: Proposal;
}

interface WeighedAction {
  /** Undefined for none. */
  readonly needed: NeededApproval | undefined;
  readonly organizationId: string;
}

/** The approval that is needed of others. Until the change is over, nothing else of this person is weighed. */
async function weigh(
  { records, settings, clock }: Stores,
  actor: Actor,
  { action, weighedAs }: Asked,
): Promise<WeighedAction | Refusal> {
  const subject = await findSubject(records, subjectOf(action));
  if (isRefusal(subject)) {
    return subject;
  }
  const teamId = teamOf(action);
  const team = teamId === null ? undefined : await records.teams.find(teamId);
  const { organizationId, ceilings } = subject;
  const amount = amountOf(action, { ceilings, team }, clock());
  if (isRefusal(amount)) {
    return amount;
  }
  if (isAboutCredits(action)) {
    const credits = { kind: action.kind, organizationId, amount, weighedAs };
    return {
      needed: await weighCredits({ records, settings, clock }, actor, credits),
      organizationId,
    };
  }
  const plain = { kind: action.kind, organizationId, amount, isCredits: false, movedBefore: 0n };
  return { needed: neededApproval(settings.approvals, plain), organizationId };
}

interface WeighedCredits {
  readonly kind: ActionKind;
  readonly organizationId: string;
  /** Microcredits. */
  readonly amount: bigint;
  /** As in Asked. */
  readonly weighedAs?: bigint | undefined;
}

/** The same for credits of a team that may not exist yet. */
export async function weighCredits(
  { records, settings, clock }: Pick<Stores, 'records' | 'settings' | 'clock'>,
  actor: Actor,
  { kind, organizationId, amount, weighedAs = amount }: WeighedCredits,
): Promise<NeededApproval | undefined> {
  await records.approvals.lockPerson(actor.id);
  const movedBefore = await records.approvals.movedBy(actor.id, new Date(clock() - DAY_MS));
  const weighed = { kind, organizationId, isCredits: true, movedBefore };
  // The parts of a request count for the day one by one.
  const bySize = { ...settings.approvals, perPersonPerDay: null };
  return (
    neededApproval(bySize, { ...weighed, amount: weighedAs }) ??
    neededApproval(settings.approvals, { ...weighed, amount })
  );
}

/** Inside of a change: has it wait for others. */
export async function propose(
  { records, settings, clock }: Stores,
  actor: Actor,
  { action, channelId }: Pick<Asked, 'action' | 'channelId'>,
  needed: NeededApproval,
): Promise<{ readonly proposal: Proposal; readonly isNew: boolean } | Refusal> {
  const known = await records.approvals.findByReference(action.reference);
  if (known !== undefined) {
    return { proposal: known, isNew: false };
  }
  const seen = await readState(records, action);
  const subject = await findSubject(records, subjectOf(action));
  if (isRefusal(seen) || isRefusal(subject)) {
    return isRefusal(seen) ? seen : (subject as Refusal);
  }
  const { remindAfterMs, expireAfterMs } = settings.approvals;
  const createdAt = new Date(clock());
  const later = (ms: number): Date => new Date(createdAt.getTime() + ms);
  const id = newId();
  const isNew = await records.approvals.insert({
    id,
    action,
    organizationId: subject.organizationId,
    teamId: teamOf(action),
    proposedBy: actor,
    channelId: channelId ?? null,
    approvalsNeeded: needed.approvals,
    approvers: needed.by,
    seen,
    createdAt,
    remindAt: later(remindAfterMs),
    expiresAt: later(expireAfterMs),
  });
  const proposal = await records.approvals.findByReference(action.reference);
  if (proposal === undefined) {
    throw new Error(`Proposing ${action.kind}: it was written and is not there`);
  }
  if (isNew) {
    await records.audit.write({
      actor,
      action: 'proposal.made',
      target: subjectText(subjectOf(action)),
      after: { proposal: id, kind: action.kind, action: toJson(action) },
      ...(action.reason === '' ? {} : { reason: action.reason }),
    });
    await records.outbox.add({ kind: 'proposal.changed', proposalId: id });
  }
  return { proposal, isNew };
}
