// The approval policy in words.

import type { ActionKind } from '../../core/approvals/action.ts';
import type { ApprovalPolicy, ApprovalRule } from '../../core/approvals/policy.ts';
import { usdToText } from '../../core/money.ts';
import { HOUR_MS } from '../../core/time.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { approversText } from './proposal-words.ts';
import { credits } from './words.ts';

const ACTIONS: Readonly<Record<ActionKind, string>> = {
  top_up: 'top-ups',
  grant: 'grants',
  refund: 'refunds',
  transfer: 'transfers',
  deduct: 'deductions',
  refill: 'refills of a month',
  overdraft: 'overdrafts that grow',
  budget: 'budgets that are raised',
  limit: 'limits that are raised',
  resume: 'resuming',
};

/** What needs whom, a line for each rule, and the bounds beside. */
export function policyText(policy: ApprovalPolicy): Mrkdwn {
  const { rules, perPersonPerDay, urgent, urgentOwn, channelId, remindAfterMs, expireAfterMs } =
    policy;
  const day =
    perPersonPerDay === null
      ? []
      : [
          mrkdwn`• More than ${credits(perPersonPerDay)} that one person adds, moves and takes within 24 hours: an approver`,
        ];
  const lines = rules.length === 0 ? [mrkdwn`• Nothing by its size`] : ruleLines(rules);
  const where =
    channelId === undefined
      ? mrkdwn`Asked in a direct message to each approver`
      : mrkdwn`Asked in ${channelLink(channelId)}`;
  const inEmergency =
    urgent === null
      ? mrkdwn`nobody may go ahead without it`
      : mrkdwn`${urgent}s may go ahead in an emergency${urgentOwn ? ', also with their own' : ''}, and owners are told`;
  return joined(
    [
      ...lines,
      ...day,
      mrkdwn`${where}, reminded after ${hours(remindAfterMs)}, expires after ${hours(expireAfterMs)}; ${inEmergency}. Nobody approves their own.`,
    ],
    '\n',
  );
}

/** What needs the same stands in one line. */
function ruleLines(rules: readonly ApprovalRule[]): Mrkdwn[] {
  const needs = rules.map(needText);
  const different = [...new Set(needs.map(({ mrkdwn: text }) => text))];
  return different.map((text) => {
    const same = rules.filter((_, at) => needs[at]?.mrkdwn === text);
    const names = same.map(({ action }) => ACTIONS[action]).join(', ');
    return mrkdwn`• ${names.charAt(0).toUpperCase()}${names.slice(1)}${{ mrkdwn: text }}`;
  });
}

function needText({ action, above, organizations, approvals, by }: ApprovalRule): Mrkdwn {
  const amount = above === null ? mrkdwn`, always` : mrkdwn` above ${amountText(action, above)}`;
  const where =
    organizations === null ? mrkdwn`` : mrkdwn` in ${joined(organizations.map(code), ' and ')}`;
  const count = approvals === 1 ? mrkdwn`` : mrkdwn`${approvals} different people: `;
  return mrkdwn`${amount}${where}: ${count}${approversText(by)}`;
}

function amountText(action: ActionKind, above: bigint): string {
  switch (action) {
    case 'budget':
      return `$${usdToText(above)}`;
    case 'limit':
      return above.toLocaleString('en');
    default:
      return credits(above);
  }
}

function hours(ms: number): string {
  const count = Math.round((ms / HOUR_MS) * 10) / 10;
  return count === 1 ? '1 hour' : `${count} hours`;
}
