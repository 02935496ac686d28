// Deciding on a proposal. The proposal's row is locked, so that of any number of people one is first; what the
// last approval does is written in the same change, or, where the gate must help, right after it and by whoever
// comes by: it has a reference, and is done once.

import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { complaintAboutName } from '../ids.ts';
import { inOneChange } from '../once.ts';
import { isRefusal, publicSentence, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { act, outcomeOf } from './act.ts';
import type { Acted } from './act.ts';
import { isInOneStep, subjectOf } from './action.ts';
import type { Proposal, ProposalChange } from './proposal.ts';
import { nameOfState, readState } from './subject-state.ts';

export interface Decided {
  readonly proposal: Proposal;
  /** What was done now; undefined while it waits for others. */
  readonly acted: Acted | undefined;
}

export interface ApprovalGiven {
  readonly proposalId: string;
  /** The name of the state that was seen (subject-state.ts). Another state is refused, and must be seen first. */
  readonly seen: string;
}

/** One person's yes. The last one that is needed does what was proposed. */
export async function approve(
  stores: Stores,
  actor: Actor,
  { proposalId, seen }: ApprovalGiven,
): Promise<Decided | Refusal> {
  return deciding(stores, proposalId, async (inside, proposal) => {
    if (actor.id === proposal.proposedBy.id) {
      return refuse('proposal_own');
    }
    const outdated = await complaintAboutState(inside, proposal, seen);
    if (outdated !== undefined) {
      return outdated;
    }
    const at = new Date(inside.clock());
    if (!(await inside.records.approvals.approve(proposalId, actor.id, at))) {
      return refuse('proposal_approved_before', { by: actor.id });
    }
    const approvals = proposal.approvedBy.length + 1;
    if (approvals < proposal.approvalsNeeded) {
      await note(inside, actor, proposal, 'proposal.approved', {});
      return undefined;
    }
    return carryOut(inside, actor, proposal, {});
  });
}

/**
 * Does it now, without the approvals that it needs; the reason is told to owners. Nobody does so with what they
 * proposed themselves, unless the policy says that they may.
 */
export async function override(
  stores: Stores,
  actor: Actor,
  { proposalId, seen, reason }: ApprovalGiven & { readonly reason: string },
): Promise<Decided | Refusal> {
  return deciding(stores, proposalId, async (inside, proposal) => {
    if (actor.id === proposal.proposedBy.id && !inside.settings.approvals.urgentOwn) {
      return refuse('proposal_own');
    }
    const refusal =
      complaintAboutReason(reason) ?? (await complaintAboutState(inside, proposal, seen));
    return refusal ?? carryOut(inside, actor, proposal, { decisionReason: reason, urgent: true });
  });
}

/** One person's no is enough. Who proposed it may take it back. */
export async function reject(
  stores: Stores,
  actor: Actor,
  { proposalId, reason }: { readonly proposalId: string; readonly reason: string },
): Promise<Decided | Refusal> {
  return deciding(stores, proposalId, async (inside, proposal) => {
    const refusal = complaintAboutReason(reason);
    if (refusal !== undefined) {
      return refusal;
    }
    const status = actor.id === proposal.proposedBy.id ? 'withdrawn' : 'rejected';
    const decision = { ...decidedBy(inside, actor), decisionReason: reason, status } as const;
    await inside.records.approvals.update(proposalId, decision);
    await note(inside, actor, proposal, `proposal.${status}`, { status }, reason);
    return undefined;
  });
}

/** Does what was approved and not done yet. Any number may try; it is done once. */
export async function applyApproved(stores: Stores, proposalId: string): Promise<void> {
  const proposal = await stores.records.approvals.find(proposalId);
  if (proposal?.status !== 'approved') {
    return;
  }
  const acted = await act(stores, proposal.proposedBy, proposal.action);
  const change: ProposalChange = isRefusal(acted)
    ? { status: 'failed', outcome: { complaint: publicSentence(acted) } }
    : { status: 'applied', outcome: outcomeOf(acted) };
  await stores.records.change(async (records) => {
    const now = await records.approvals.locked(proposalId);
    if (now?.status !== 'approved') {
      return undefined;
    }
    await records.approvals.update(proposalId, change);
    const by: Actor = { id: proposal.decidedBy ?? 'system', door: proposal.proposedBy.door };
    await note({ ...stores, records }, by, proposal, `proposal.${change.status}`, {
      outcome: change.outcome,
    });
    return undefined;
  });
}

type Work = (inside: Stores, proposal: Proposal) => Promise<Acted | Refusal | undefined>;

/** Decides under the lock, once; then does what needs the gate. */
async function deciding(
  stores: Stores,
  proposalId: string,
  work: Work,
): Promise<Decided | Refusal> {
  // Who comes late waits for no lock; who comes at the same time is judged again under it.
  const known = await stores.records.approvals.find(proposalId);
  const late = known && complaintAboutStatus(known, stores.clock());
  if (late !== undefined) {
    return late;
  }
  const acted = await inOneChange<{ acted: Acted | undefined }>(stores, async (inside) => {
    const proposal = await inside.records.approvals.locked(proposalId);
    if (proposal === undefined) {
      return refuse('proposal_unknown', { proposal: proposalId });
    }
    const decided = complaintAboutStatus(proposal, inside.clock());
    if (decided !== undefined) {
      return decided;
    }
    const done = await work(inside, proposal);
    return isRefusal(done) ? done : { acted: done };
  });
  if (isRefusal(acted)) {
    return acted;
  }
  await applyApproved(stores, proposalId);
  const proposal = await stores.records.approvals.find(proposalId);
  return proposal === undefined
    ? refuse('proposal_unknown', { proposal: proposalId })
    : { proposal, ...acted };
}

/** The end of the waiting: done in this change, or approved to be done after it. */
async function carryOut(
  inside: Stores,
  actor: Actor,
  proposal: Proposal,
  more: ProposalChange,
): Promise<Acted | Refusal | undefined> {
  const { id, action, proposedBy } = proposal;
  const decision = { ...decidedBy(inside, actor), ...more };
  const word = more.urgent === true ? 'proposal.overridden' : 'proposal.approved';
  if (!isInOneStep(action)) {
    await inside.records.approvals.update(id, { ...decision, status: 'approved' });
    await note(inside, actor, proposal, word, { status: 'approved' }, more.decisionReason);
    return undefined;
  }
  const acted = await act(inside, proposedBy, action);
  if (isRefusal(acted)) {
    return acted;
  }
  const outcome = outcomeOf(acted);
  await inside.records.approvals.update(id, { ...decision, status: 'applied', outcome });
  await note(inside, actor, proposal, word, { status: 'applied', outcome }, more.decisionReason);
  return acted;
}

function decidedBy(inside: Stores, actor: Actor): ProposalChange {
  return { decidedAt: new Date(inside.clock()), decidedBy: actor.id };
}

async function note(
  { records }: Pick<Stores, 'records'>,
  actor: Actor,
  proposal: Proposal,
  action: string,
  after: Readonly<Record<string, unknown>>,
  reason?: string | null,
): Promise<void> {
  await records.audit.write({
    actor,
    action,
    target: subjectText(subjectOf(proposal.action)),
    before: { status: proposal.status },
    after: { proposal: proposal.id, kind: proposal.action.kind, ...after },
    ...(reason ? { reason } : {}),
  });
  await records.outbox.add({ kind: 'proposal.changed', proposalId: proposal.id });
}

/** What was decided stays decided; who was first is told. */
function complaintAboutStatus(proposal: Proposal, nowMs: number): Refusal | undefined {
  const { status, decidedBy: by, expiresAt } = proposal;
  if (status === 'pending' && expiresAt.getTime() > nowMs) {
    return undefined;
  }
  return status === 'pending' || status === 'expired'
    ? refuse('proposal_expired', { at: expiresAt.toISOString() })
    : refuse('proposal_decided', { status, by: by ?? 'nobody' });
}

async function complaintAboutState(
  { records }: Stores,
  { action }: Proposal,
  seen: string,
): Promise<Refusal | undefined> {
  const state = await readState(records, action, { lock: true });
  if (isRefusal(state)) {
    return state;
  }
  return nameOfState(state) === seen ? undefined : refuse('proposal_outdated');
}

function complaintAboutReason(reason: string): Refusal | undefined {
  const complaint = complaintAboutName(reason);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'reason', complaint });
}
