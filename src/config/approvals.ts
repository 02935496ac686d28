/** The block `approvals` of the file: what needs a second person, in people's units. */
import { z } from 'zod';
import { ACTION_KINDS } from '../core/approvals/action.ts';
import { DEFAULT_APPROVALS } from '../core/approvals/policy.ts';
import type { ApprovalPolicy, ApprovalRule } from '../core/approvals/policy.ts';
import { MICROCREDITS_PER_CREDIT, NANO_USD_PER_USD } from '../core/money.ts';
import { HOUR_MS } from '../core/time.ts';

/** A month: who was not found by then will not be. */
const MAX_HOURS = 744;
/** A tenth of the largest balance there is. */
const MAX_THRESHOLD = 100_000_000;
const MAX_APPROVALS = 10;

const slackId = z
  .string()
  .regex(/^[UWS][A-Z0-9]+$/, 'is not the ID of a Slack user (U…) or user group (S…)');
const threshold = z.int().min(0).max(MAX_THRESHOLD);
const hours = z.number().min(0.01).max(MAX_HOURS);
const WORDS = { owners: 'owner', managers: 'manager', approvers: 'approver' } as const;
const words = ['owners', 'managers', 'approvers'] as const;

const rule = z.strictObject({
  action: z.enum(ACTION_KINDS),
  above: threshold.optional(),
  organizations: z.array(z.string()).min(1).optional(),
  approvals: z.int().min(1).max(MAX_APPROVALS).optional(),
  by: z.union([z.enum(words), z.array(slackId).min(1)]).optional(),
});

export const approvalsBlock = z.strictObject({
  rules: z.array(rule).optional(),
  per_person_per_day: z.union([threshold, z.literal('unlimited')]).optional(),
  remind_after_hours: hours.optional(),
  expire_after_hours: hours.optional(),
  urgent: z.enum(['owners', 'managers', 'nobody']).optional(),
  urgent_own: z.boolean().optional(),
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]+$/, 'is not the ID of a Slack channel (C…)')
    .optional(),
});

type ApprovalsBlock = z.infer<typeof approvalsBlock>;
type RuleEntry = z.infer<typeof rule>;

/** What the file says, with the defaults where it says nothing. A list of rules replaces the default ones. */
export function approvalsOf(
  block: ApprovalsBlock | undefined,
  fallbackChannel: string | undefined,
): ApprovalPolicy {
  const { rules, per_person_per_day: perDay, urgent } = block ?? {};
  const inMs = (given: number | undefined, otherwise: number): number =>
    given === undefined ? otherwise : Math.round(given * HOUR_MS);
  return {
    rules: rules?.map(ruleFrom) ?? DEFAULT_APPROVALS.rules,
    perPersonPerDay: perDayFrom(perDay),
    remindAfterMs: inMs(block?.remind_after_hours, DEFAULT_APPROVALS.remindAfterMs),
    expireAfterMs: inMs(block?.expire_after_hours, DEFAULT_APPROVALS.expireAfterMs),
    urgent: urgentFrom(urgent),
    urgentOwn: block?.urgent_own ?? DEFAULT_APPROVALS.urgentOwn,
    channelId: block?.channel ?? fallbackChannel,
  };
}

function ruleFrom({ action, above, organizations, approvals, by }: RuleEntry): ApprovalRule {
  return {
    action,
    above: above === undefined ? null : BigInt(above) * unitOf(action),
    organizations: organizations ?? null,
    approvals: approvals ?? 1,
    by: typeof by === 'object' ? by : WORDS[by ?? 'approvers'],
  };
}

/** Of the number behind `above`: credits, US dollars, or just as many. */
function unitOf(action: RuleEntry['action']): bigint {
  if (action === 'limit' || action === 'resume') {
    return 1n;
  }
  return action === 'budget' ? NANO_USD_PER_USD : MICROCREDITS_PER_CREDIT;
}

function perDayFrom(given: ApprovalsBlock['per_person_per_day']): bigint | null {
  if (given === undefined) {
    return DEFAULT_APPROVALS.perPersonPerDay;
  }
  return given === 'unlimited' ? null : BigInt(given) * MICROCREDITS_PER_CREDIT;
}

function urgentFrom(given: ApprovalsBlock['urgent']): ApprovalPolicy['urgent'] {
  if (given === undefined) {
    return DEFAULT_APPROVALS.urgent;
  }
  return given === 'nobody' ? null : WORDS[given];
}
