// What is said to who may not.

import type { Role } from '../../core/policy.ts';
import { refuse } from '../../core/refusals.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Membership } from '../membership.ts';
import { cureText } from '../refusal-text.ts';
import { context, firstOf, sentence } from './kit.ts';
import type { Speech } from './kit.ts';

/** As many as are read. */
const ORGANIZATIONS_NAMED = 5;

/** Nobody has a role yet. */
export function unconfigured(userId: string): Speech {
  const said = mrkdwn`Nobody may use Quartermaster yet: no roles are configured, so everything but help is refused.`;
  const cure = mrkdwn`Put ${code(`slack: { roles: { owners: [${userId}] } }`)} into ${code('quartermaster.yaml')} and restart. ${code(userId)} is you.`;
  return sentence(said, context(cure));
}

const OUTSIDERS: Readonly<Record<Exclude<Membership, 'member'>, string>> = {
  guest: 'Guests of this workspace can look at nothing and change nothing here.',
  deactivated: 'This account is deactivated.',
  stranger: 'Only members of this workspace can use Quartermaster.',
  unknown: 'Slack could not be asked who you are, so nothing was done.',
};

/** Not a full member of this workspace, or not known to be one. */
export function outsider(membership: Exclude<Membership, 'member'>): Speech {
  const cure =
    membership === 'unknown'
      ? mrkdwn`Try again in a minute.`
      : mrkdwn`Ask somebody of the team that runs it.`;
  return sentence(mrkdwn`${OUTSIDERS[membership]}`, context(cure));
}

/** A member whose role does not do. `elsewhere`: organizations where theirs count, which is not here. */
export function denied(
  needed: Role,
  has: Role | undefined,
  elsewhere: readonly string[] = [],
): Speech {
  const refusal = refuse('role_missing', { needed, person: 'you', has: has ?? 'none' });
  const holding = has === undefined ? mrkdwn`you have no role` : mrkdwn`you have the role *${has}*`;
  if (elsewhere.length > 0) {
    const { shown, more } = firstOf(elsewhere, ORGANIZATIONS_NAMED);
    const where =
      more === undefined ? joined(shown.map(code)) : mrkdwn`${joined(shown.map(code))} (${more})`;
    const scope = mrkdwn`Your role counts in ${where} alone. ${code('/team list')} shows what is there.`;
    return sentence(
      mrkdwn`This needs the role *${needed}*, and yours does not count here.`,
      context(scope),
    );
  }
  return sentence(mrkdwn`This needs the role *${needed}*; ${holding}.`, context(cureText(refusal)));
}
