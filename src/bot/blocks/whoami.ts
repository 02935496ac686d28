import type { KnownBlock } from '@slack/types';
import type { ApprovalPolicy } from '../../core/approvals/policy.ts';
import { ROLES } from '../../core/policy.ts';
import { code, joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { KnownRole } from '../roles.ts';
import { policyText } from './approval-policy.ts';
import { context, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { callOut } from './proposal-words.ts';
import { MAY, roleIn, sourceText } from './role-words.ts';
import { credits } from './words.ts';

interface Whoami {
  readonly userId: string;
  /** At least one. */
  readonly roles: readonly KnownRole[];
  readonly policy: ApprovalPolicy;
  /** Microcredits that they moved within 24 hours; undefined for who moves none. */
  readonly moved: bigint | undefined;
}

/** As many as fit a section. */
const ROLES_SHOWN = 20;

/** Who a person is here, and what they may. */
export function whoamiSpeech({ userId, roles, policy, moved }: Whoami): Speech {
  const said = mrkdwn`You are ${mention(userId)} (${code(userId)})`;
  const lines = roles.slice(0, ROLES_SHOWN).map((each) => roleLine(each, userId));
  const more = roles.length > ROLES_SHOWN ? [mrkdwn`… and ${roles.length - ROLES_SHOWN} more`] : [];
  return speech(said, [
    section(mrkdwn`${said}. Your roles:\n${joined([...lines, ...more], '\n')}`),
    section(mrkdwn`*What you may do*\n${joined(mayLines(roles), '\n')}`),
    ...(moved === undefined ? [] : dayBlocks(policy, moved)),
    context(
      mrkdwn`Roles are given by owners, with ${code('/quartermaster settings')}, and in ${code('quartermaster.yaml')}.`,
    ),
  ]);
}

/** Who has no role, or none that counts: with the reason. */
export function nobodySpeech(userId: string, complaint: Speech): Speech {
  const said = mrkdwn`You are ${mention(userId)} (${code(userId)}), and only help is open to you.`;
  return speech(said, [section(said), ...complaint.blocks]);
}

function roleLine(grant: KnownRole, userId: string): Mrkdwn {
  const through = grant.holder === userId ? mrkdwn`` : mrkdwn`, as one of ${callOut(grant.holder)}`;
  return mrkdwn`• ${roleIn(grant)}, ${sourceText(grant)}${through}`;
}

/** The best role everywhere, then the best in each organization where it is better. */
function mayLines(roles: readonly KnownRole[]): Mrkdwn[] {
  const rank = (organizationId: string | null): number =>
    Math.max(
      -1,
      ...roles
        .filter((each) => each.organizationId === organizationId)
        .map(({ role }) => ROLES.indexOf(role)),
    );
  const scopes = [...new Set(roles.map((each) => each.organizationId))];
  const everywhere = rank(null);
  const there = scopes.filter((scope) => scope !== null && rank(scope) > everywhere);
  const shown = [...(everywhere < 0 ? [] : [null]), ...there.slice(0, ROLES_SHOWN)];
  return shown.map((scope) => {
    const role = ROLES[rank(scope)] ?? 'viewer';
    return scope === null
      ? mrkdwn`• everywhere: ${MAY[role]}`
      : mrkdwn`• in ${code(scope)}: ${MAY[role]}`;
  });
}

function dayBlocks(policy: ApprovalPolicy, moved: bigint): KnownBlock[] {
  const { perPersonPerDay } = policy;
  const left = perPersonPerDay === null ? null : perPersonPerDay - moved;
  const said =
    left === null
      ? mrkdwn`there is no bound`
      : mrkdwn`*${credits(left > 0n ? left : 0n)}* of ${credits(perPersonPerDay ?? 0n)} are left; you moved ${credits(moved)} within 24 hours`;
  return [
    section(mrkdwn`*Without a second person, today*\n${said}`),
    section(mrkdwn`*What needs a second person*\n${policyText(policy)}`),
  ];
}
