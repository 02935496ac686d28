// The card of a proposal: all that an approver needs, and what became of it. One message, updated in place.

import type { Button, KnownBlock } from '@slack/types';
import { isAboutCredits } from '../../core/approvals/action.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { policyAfter } from '../../core/credits/policy.ts';
import { usdToText } from '../../core/money.ts';
import type { ProposalReading, TeamOfProposal } from '../approvals/reading.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { doneLines } from './ceilings-done.ts';
import { policyText, refillText } from './credits.ts';
import { actions, button, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { differencesText, idText, standingOf, titleOf, whyOf } from './proposal-words.ts';
import { objectIn } from './run-button.ts';
import { statusText } from './team-words.ts';
import { roundedCredits, moment, person, signedCredits } from './words.ts';

/** What the buttons of a card carry. */
export interface ProposalValue {
  readonly id: string;
  /** The name of the state that stands on the card. */
  readonly seen: string;
}

/** Which buttons a person gets where the card is theirs alone; in a channel all who decide get theirs. */
export interface CardButtons {
  readonly decide: boolean;
  readonly withdraw?: boolean;
  readonly urgent?: boolean;
}

export function proposalCard(
  reading: ProposalReading,
  buttons: CardButtons = { decide: true },
): Speech {
  const { proposal, team } = reading;
  const title = titleOf(proposal.action);
  const isPending = proposal.status === 'pending';
  const blocks: KnownBlock[] = [
    header(isPending ? `Approval needed · ${title}` : title),
    section(standingOf(proposal)),
    ...(isPending ? changedBlocks(reading) : []),
    fields(factsOf(reading)),
    ...(isPending && team !== undefined ? [section(earlierText(team))] : []),
    ...ceilingBlocks(reading),
    ...termBlocks(reading),
    context(footOf(reading)),
    ...buttonsOf(reading, buttons),
  ];
  return speech(mrkdwn`${title}: ${standingOf(proposal)}`, blocks);
}

function changedBlocks({ differences }: ProposalReading): KnownBlock[] {
  return differences.length === 0
    ? []
    : [section(mrkdwn`⚠️ *Since it was asked*: ${differencesText(differences)}.`)];
}

function factsOf(reading: ProposalReading): Mrkdwn[] {
  const { proposal, team } = reading;
  const { action, proposedBy, organizationId } = proposal;
  return [
    mrkdwn`*Asked by*\n${person(proposedBy.id)}`,
    mrkdwn`*Why*\n${whyOf(action)}`,
    ...(team === undefined
      ? [mrkdwn`*Organization*\n${code(organizationId)}`]
      : [
          mrkdwn`*Team*\n${code(team.team.id)} of ${code(organizationId)}, ${statusText(team.team.status)}`,
          ...(proposal.status === 'pending' ? moneyFacts(proposal, team) : []),
        ]),
  ];
}

function moneyFacts({ action }: Proposal, { money, spent }: TeamOfProposal): Mrkdwn[] {
  const { charge, costNanoUsd } = spent;
  const cost = costNanoUsd === undefined ? '' : ` ($${dollarsOf(costNanoUsd)} at the provider)`;
  const spend = mrkdwn`*Spend, 30 days*\n${roundedCredits(charge)}${cost}`;
  if (!isAboutCredits(action)) {
    return [mrkdwn`*Balance*\n${roundedCredits(money.spendable)}`, spend];
  }
  const isTaking = action.kind === 'transfer' || action.kind === 'deduct';
  const change = isTaking ? -action.amount : action.amount;
  const after = money.spendable + change;
  return [
    mrkdwn`*Balance now → after*\n${roundedCredits(money.spendable)} → *${roundedCredits(after)}*`,
    spend,
  ];
}

/** Cents are enough to judge by. */
function dollarsOf(nanoUsd: bigint): string {
  const centInNanoUsd = 10_000_000n;
  return usdToText((nanoUsd / centInNanoUsd) * centInNanoUsd);
}

function earlierText({ earlier }: TeamOfProposal): Mrkdwn {
  const lines = earlier.map(
    (entry) =>
      mrkdwn`${code(signedCredits(entry.amount))}  ${entry.reason}  ·  ${moment(entry.createdAt)}, ${person(entry.actor)}`,
  );
  return mrkdwn`*Credits that came before*\n${lines.length === 0 ? mrkdwn`none yet` : joined(lines, '\n')}`;
}

function ceilingBlocks({ ceilings }: ProposalReading): KnownBlock[] {
  return ceilings === undefined
    ? []
    : [section(mrkdwn`*What it would be*\n${joined(doneLines(ceilings, '•'), '\n')}`)];
}

/** What would be of a team's terms, and what is. */
function termBlocks({ proposal: { action }, team }: ProposalReading): KnownBlock[] {
  if (team === undefined || (action.kind !== 'overdraft' && action.kind !== 'refill')) {
    return [];
  }
  const said =
    action.kind === 'overdraft'
      ? mrkdwn`At 0, ${policyText(policyAfter(team.team, action.wish))}\nNow, ${policyText(team.team)}`
      : mrkdwn`${refillText(action.wish)}\nNow: ${refillText(team.team.autoRefill)}`;
  return [section(mrkdwn`*What it would be*\n${said}`)];
}

function footOf({ proposal }: ProposalReading): Mrkdwn {
  const { createdAt, expiresAt, status } = proposal;
  const asked = mrkdwn`${idText(proposal)}  ·  asked ${moment(createdAt)}`;
  return status === 'pending' ? mrkdwn`${asked}  ·  expires ${moment(expiresAt)}` : asked;
}

function buttonsOf(
  { proposal, stateName, differences }: ProposalReading,
  { decide, withdraw = false, urgent = false }: CardButtons,
): KnownBlock[] {
  if (proposal.status !== 'pending') {
    return [];
  }
  const value = JSON.stringify({ id: proposal.id, seen: stateName } satisfies ProposalValue);
  const approve = differences.length === 0 ? 'Approve' : 'Approve as it stands now';
  const buttons: Button[] = [
    ...(decide
      ? [
          button({ id: 'proposal_approve', label: approve, style: 'primary', value }),
          button({ id: 'proposal_reject', label: 'Reject …', style: 'danger', value }),
          button({ id: 'proposal_question', label: 'Ask a question …', value }),
        ]
      : []),
    ...(withdraw ? [button({ id: 'proposal_withdraw', label: 'Withdraw', value })] : []),
    ...(urgent
      ? [button({ id: 'proposal_urgent', label: 'Urgent: do it now …', style: 'danger', value })]
      : []),
  ];
  return buttons.length === 0 ? [] : [actions(...buttons)];
}

export function proposalValueOf(value: string | undefined): ProposalValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['id'] === 'string' && typeof parsed['seen'] === 'string'
    ? { id: parsed['id'], seen: parsed['seen'] }
    : undefined;
}
