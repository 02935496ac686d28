// What needs a second pair of eyes, decided by programs and people outside of Slack. The same operations as there:
// of whoever decides at the same time, one is first, and the cards in Slack follow.

import { z } from 'zod';
import { isAboutCeilings, isAboutCredits } from '../../core/approvals/action.ts';
import type { ProposedAction } from '../../core/approvals/action.ts';
import { askAbout } from '../../core/approvals/ask-about.ts';
import { approve, reject } from '../../core/approvals/decide.ts';
import { complaintAboutDecider, deciderOf } from '../../core/approvals/decider.ts';
import { OPEN_STATUSES, PROPOSAL_STATUSES } from '../../core/approvals/proposal.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { differencesOf, nameOfState, readState } from '../../core/approvals/subject-state.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { APPROVALS, APPROVAL_WITH_STATE } from './answers/approvals.ts';
import type { APPROVAL } from './answers/approvals.ts';
import type { Told } from '../told.ts';

/** One page; who has more narrows by status or team. */
const LISTED_MAX = 200;
const LISTED = 50;

export const listApprovalsEndpoint = endpoint({
  isOwn: true,
  summary: 'What waits for a second person, or what was decided; the latest first',
  action: 'approval.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({
    /** Absent for what is not over yet. */
    status: z.enum(PROPOSAL_STATUSES).optional(),
    organization_id: z.string().optional(),
    team_id: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(LISTED_MAX).optional(),
  }),
  answer: APPROVALS,
  async handle({ stores, query }) {
    const { status, organization_id: organizationId, team_id: teamId, limit = LISTED } = query;
    const found = await stores.records.approvals.list({
      statuses: status === undefined ? OPEN_STATUSES : [status],
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(teamId === undefined ? {} : { teamId }),
      limit,
    });
    return { approvals: found.map(approvalView) };
  },
});

export const getApprovalEndpoint = endpoint({
  isOwn: true,
  summary: 'One proposal, with the state of its team: what is approved, is approved of that state',
  action: 'approval.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: APPROVAL_WITH_STATE,
  async handle({ stores, id }) {
    const proposal = await stores.records.approvals.find(id);
    return proposal === undefined
      ? refuse('proposal_unknown', { proposal: id })
      : wholeView(stores, proposal);
  },
});

export const approveEndpoint = endpoint({
  isOwn: true,
  summary: 'Say yes; the last yes that is needed does it',
  action: 'approval.decide',
  target: 'nothing',
  body: z.strictObject({ state: z.string() }),
  query: NO_QUERY,
  answer: APPROVAL_WITH_STATE,
  handle: async ({ stores, id, caller, body }) =>
    deciding(stores, id, caller, async (actor) => {
      const decided = await approve(stores, actor, { proposalId: id, seen: body.state });
      return isRefusal(decided) ? decided : decided.proposal;
    }),
});

export const rejectEndpoint = endpoint({
  isOwn: true,
  summary: 'Say no, with the reason that who asked reads',
  action: 'approval.decide',
  target: 'nothing',
  body: z.strictObject({ reason: z.string() }),
  query: NO_QUERY,
  answer: APPROVAL_WITH_STATE,
  handle: async ({ stores, id, caller, body }) =>
    deciding(stores, id, caller, async (actor) => {
      const decided = await reject(stores, actor, { proposalId: id, reason: body.reason });
      return isRefusal(decided) ? decided : decided.proposal;
    }),
});

export const askEndpoint = endpoint({
  isOwn: true,
  summary: 'Ask who proposed it; the question stands in the thread of its card in Slack',
  action: 'approval.decide',
  target: 'nothing',
  body: z.strictObject({ question: z.string() }),
  query: NO_QUERY,
  answer: APPROVAL_WITH_STATE,
  handle: async ({ stores, id, caller, body: { question } }) =>
    deciding(stores, id, caller, async (actor) =>
      askAbout(stores, actor, { proposalId: id, question }),
    ),
});

async function deciding(
  stores: Stores,
  id: string,
  caller: Caller,
  decide: (actor: Caller['actor']) => Promise<Proposal | Refusal>,
): Promise<Told<typeof APPROVAL_WITH_STATE> | Refusal> {
  const proposal = await stores.records.approvals.find(id);
  if (proposal === undefined) {
    return refuse('proposal_unknown', { proposal: id });
  }
  const decided = complaintAboutDecider(caller, proposal) ?? (await decide(deciderOf(caller)));
  return isRefusal(decided) ? decided : wholeView(stores, decided);
}

/** With what is to be named when it is approved, and what people changed since it was asked. */
async function wholeView(
  stores: Stores,
  proposal: Proposal,
): Promise<Told<typeof APPROVAL_WITH_STATE>> {
  const state = await readState(stores.records, proposal.action);
  const isOpen = OPEN_STATUSES.includes(proposal.status) && !isRefusal(state);
  return {
    ...approvalView(proposal),
    state: isRefusal(state) ? null : nameOfState(state),
    changed_since: isOpen ? differencesOf(proposal.seen, state) : [],
  };
}

function approvalView(proposal: Proposal): Told<typeof APPROVAL> {
  const { action, outcome } = proposal;
  return {
    id: proposal.id,
    kind: action.kind,
    status: proposal.status,
    organization_id: proposal.organizationId,
    team_id: proposal.teamId,
    ...whatOf(action),
    reason: action.reason,
    proposed_by: proposal.proposedBy.id,
    proposed_at: proposal.createdAt.toISOString(),
    expires_at: proposal.expiresAt.toISOString(),
    approvals_needed: proposal.approvalsNeeded,
    approvers: proposal.approvers,
    approved_by: proposal.approvedBy.map(({ actor, at }) => ({
      by: actor,
      at: at.toISOString(),
    })),
    decided_by: proposal.decidedBy,
    decided_at: proposal.decidedAt?.toISOString() ?? null,
    decision_reason: proposal.decisionReason,
    urgent: proposal.urgent,
    balance_after:
      outcome?.balanceAfter === undefined ? null : creditsToNumber(BigInt(outcome.balanceAfter)),
    complaint: outcome?.complaint ?? null,
  };
}

/** What is to be done, in the units of this dialect. */
function whatOf(action: ProposedAction): object {
  if (isAboutCredits(action)) {
    const { amount } = action;
    return {
      credits: creditsToNumber(amount),
      ...(action.kind === 'transfer' ? { to_team_id: action.toTeamId } : {}),
      ...(action.kind === 'refund' ? { call_id: action.eventId } : {}),
    };
  }
  if (action.kind === 'overdraft' || action.kind === 'refill') {
    return { changes: action.wish === null ? [] : [spoken(action.wish)] };
  }
  const subject = subjectText(action.subject);
  return isAboutCeilings(action)
    ? { subject, changes: action.changes.map((change) => spoken(change)) }
    : { subject };
}

/** `maxNanoUsd` is told as `max_usd`, other amounts in credits. */
function spoken(change: object): object {
  const told = Object.entries(change).map(([name, value]: [string, unknown]) => [
    name.replace(/NanoUsd$/, 'Usd').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    spokenValue(name, value),
  ]);
  return Object.fromEntries(told) as object;
}

function spokenValue(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return name.endsWith('NanoUsd') ? usdToNumber(value) : creditsToNumber(value);
  }
  return typeof value === 'object' && value !== null && !(value instanceof Date)
    ? spoken(value)
    : value;
}
