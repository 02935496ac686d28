// A proposal in words, the same on its card, in lists and in notifications.

import { isAboutCredits } from '../../core/approvals/action.ts';
import type { ProposedAction } from '../../core/approvals/action.ts';
import type { Approvers } from '../../core/approvals/policy.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { subjectWords } from '../../core/ceilings/subject.ts';
import { code, joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { credits, roundedCredits, moment, person } from './words.ts';

/** What is to be done, as plain text for a heading. */
export function titleOf(action: ProposedAction): string {
  if (!isAboutCredits(action)) {
    return titleOfTerms(action);
  }
  const { teamId, amount } = action;
  switch (action.kind) {
    case 'deduct':
      return `Deduct ${credits(amount)} from ${teamId}`;
    case 'top_up':
      return `Top up ${teamId}: ${credits(amount)}`;
    case 'grant':
      return `Grant ${teamId} ${credits(amount)}`;
    case 'refund':
      return `Refund ${teamId} ${credits(amount)}`;
    case 'transfer':
      return `Move ${credits(amount)} from ${teamId} to ${action.toTeamId}`;
  }
}

function titleOfTerms(action: Exclude<ProposedAction, { readonly amount: bigint }>): string {
  switch (action.kind) {
    case 'budget':
      return `Change the budget of ${subjectWords(action.subject)}`;
    case 'limit':
      return `Change the limits of ${subjectWords(action.subject)}`;
    case 'resume':
      return `Resume ${subjectWords(action.subject)}`;
    case 'overdraft':
      return `Let ${action.teamId} go below 0 credits`;
    case 'refill':
      return `Refill ${action.teamId} by itself`;
  }
}

/** Why it is asked for; who resumes may leave it out. */
export function whyOf({ reason }: ProposedAction): string {
  return reason === '' ? 'no reason given' : reason;
}

const ROLES = { owner: 'an owner', manager: 'a manager', approver: 'an approver' } as const;

/** `an approver`, `@finance or @omar`. */
export function approversText(approvers: Approvers): Mrkdwn {
  return typeof approvers === 'string'
    ? mrkdwn`${ROLES[approvers]}`
    : joined(approvers.map(callOut), ' or ');
}

/** A person or a user group by id, so that they are notified. */
export function callOut(holder: string): Mrkdwn {
  return /^S[A-Z0-9]+$/.test(holder) ? { mrkdwn: `<!subteam^${holder}>` } : mention(holder);
}

/** How it stands, with who and when. */
export function standingOf(proposal: Proposal): Mrkdwn {
  const { status, decidedBy, decidedAt, decisionReason: reason, urgent, outcome } = proposal;
  const by = decidedBy === null ? mrkdwn`nobody` : person(decidedBy);
  const at = decidedAt === null ? mrkdwn`` : mrkdwn`, ${moment(decidedAt)}`;
  const why = reason === null ? mrkdwn`` : mrkdwn`\n>${reason}`;
  const balance =
    outcome?.balanceAfter === undefined
      ? mrkdwn``
      : mrkdwn` The balance was ${roundedCredits(BigInt(outcome.balanceAfter))} right after.`;
  switch (status) {
    case 'pending':
      return mrkdwn`⏳ *Waiting* for ${waitingFor(proposal)}`;
    case 'approved':
      return mrkdwn`⏳ *Approved* by ${by}${at}: being done`;
    case 'applied':
      return urgent
        ? mrkdwn`🚨 *Done without the approval it needed*, by ${by}${at}.${balance}${why}`
        : mrkdwn`✅ *Approved* by ${approvedBy(proposal)}${at}.${balance}`;
    case 'failed':
      return mrkdwn`⚠️ *Approved* by ${by}${at}, *but it could not be done*: ${outcome?.complaint ?? 'unknown'}`;
    case 'rejected':
      return mrkdwn`🚫 *Rejected* by ${by}${at}${why}`;
    case 'withdrawn':
      return mrkdwn`↩️ *Withdrawn* by ${by}${at}`;
    case 'expired':
      return mrkdwn`⌛ *Expired*${at}: nobody decided in time. Nothing was changed.`;
  }
}

function waitingFor({ approvalsNeeded, approvedBy: given, approvers }: Proposal): Mrkdwn {
  const left = approvalsNeeded - given.length;
  const people = left === 1 ? mrkdwn`` : mrkdwn`${left} different people: `;
  const before =
    given.length === 0
      ? mrkdwn``
      : mrkdwn`. ${joined(given.map(({ actor }) => person(actor)))} said yes`;
  return mrkdwn`${people}${approversText(approvers)}${before}`;
}

function approvedBy({ approvedBy: given, decidedBy }: Proposal): Mrkdwn {
  const names = given.length === 0 ? [decidedBy ?? ''] : given.map(({ actor }) => actor);
  return joined(names.map(person), ' and ');
}

/** One line of a list. */
export function proposalLine(proposal: Proposal): Mrkdwn {
  const { action, proposedBy, createdAt } = proposal;
  return mrkdwn`*${titleOf(action)}*\n${whyOf(action)}  ·  ${person(proposedBy.id)}, ${moment(createdAt)}\n${standingOf(proposal)}`;
}

/** In the words of the state that an approver has seen. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  team: 'the status of the team was changed',
  organization: 'the status of the organization was changed',
  'reason of the status': 'the reason of the status was changed',
  funding: 'credits were added or taken',
  limits: 'limits were changed',
  budgets: 'budgets were changed',
  receiver: 'the status of the receiving team was changed',
  overdraft: 'how far it may go below 0 was changed',
  refill: 'its refill was changed',
};

export function differencesText(differences: readonly string[]): Mrkdwn {
  return joined(differences.map((each) => DIFFERENCES[each] ?? each));
}

/** The command with which anybody finds it again. */
export function showCommand({ id }: Pick<Proposal, 'id'>): string {
  return `/approvals show ${id}`;
}

/** Whole, as commands and the API take it: its first half is the time alone. */
export function idText({ id }: Pick<Proposal, 'id'>): Mrkdwn {
  return code(id);
}
