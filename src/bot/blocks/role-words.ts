// Roles in words: who has which, where it counts, where it comes from.

import { ROLES } from '../../core/policy.ts';
import type { Role, RoleGrant } from '../../core/policy.ts';
import { roleText } from '../../core/settings/change-role.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { KnownRole } from '../roles.ts';
import { callOut } from './proposal-words.ts';
import { moment, person } from './words.ts';

/** What each role is for, from the least to the most. */
export const MAY: Readonly<Record<Role, string>> = {
  viewer: 'look at everything and change nothing',
  approver:
    'look at everything, decide on what waits for approval, search and export the audit trail',
  manager: 'create, fund, bound and suspend teams, and decide on what others propose',
  owner: 'do everything, and give and take roles',
};

const PLURALS: Readonly<Record<Role, string>> = {
  viewer: 'Viewers',
  approver: 'Approvers',
  manager: 'Managers',
  owner: 'Owners',
};

const FIXED = '🔒';
export const FIXED_LEGEND = mrkdwn`${FIXED} is given by ${code('slack.roles')} in ${code('quartermaster.yaml')}, and changed there alone.`;

/** `manager`, or `manager` of `acme`. */
export function roleIn({ role, organizationId }: RoleGrant): Mrkdwn {
  return organizationId === null ? mrkdwn`*${role}*` : mrkdwn`*${role}* of ${code(organizationId)}`;
}

/** A line for each role that somebody has, from the most to the least. */
export function holderLines(grants: readonly KnownRole[]): Mrkdwn {
  const lines = ROLES.toReversed().flatMap((role) => {
    const holding = grants.filter((each) => each.role === role);
    return holding.length === 0
      ? []
      : [mrkdwn`*${PLURALS[role]}*  ${joined(holdersOf(holding), ',  ')}`];
  });
  return joined(lines, '\n');
}

/** Each holder once; what the file says holds, whoever gave the same. */
function holdersOf(grants: readonly KnownRole[]): Mrkdwn[] {
  const ids = [...new Set(grants.map(({ holder }) => holder))];
  return ids.map((id) => {
    const isFixed = grants.some(({ holder, givenBy }) => holder === id && givenBy === null);
    return isFixed ? mrkdwn`${callOut(id)} ${FIXED}` : callOut(id);
  });
}

/** `given by @maya, today at 9:41`, or that it is the file's. */
export function sourceText(grant: KnownRole): Mrkdwn {
  return grant.givenBy === null
    ? mrkdwn`${FIXED} by the configuration file`
    : mrkdwn`given by ${person(grant.givenBy)}, ${moment(grant.givenAt)}`;
}

/** As it is typed behind `settings give` and `settings take`. */
export function grantCommand(what: 'give' | 'take', grant: RoleGrant): string {
  const org = grant.organizationId === null ? '' : ` org=${grant.organizationId}`;
  return `/quartermaster settings ${what} ${grant.holder} ${grant.role}${org}`;
}

/** `owner, manager of acme`; `none`. */
export function rolesText(grants: readonly RoleGrant[]): string {
  return [...new Set(grants.map(roleText))].join(', ') || 'none';
}
