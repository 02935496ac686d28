// What is said when a role is given or taken: the question, and that it was done.

import type { RoleChange } from '../../core/settings/change-role.ts';
import { mrkdwn } from '../escape.ts';
import type { KnownRole } from '../roles.ts';
import { cancelButton } from './cancel-button.ts';
import { actions, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { callOut } from './proposal-words.ts';
import { grantCommand, MAY, roleIn, rolesText } from './role-words.ts';
import { runButton } from './run-button.ts';

/** Asks before anything is changed. `has` is what they have now, by whatever way. */
export function roleQuestion(
  { what, grant }: RoleChange,
  has: readonly KnownRole[],
  once: string,
): Speech {
  const who = callOut(grant.holder);
  const where = grant.organizationId === null ? 'everywhere' : `in ${grant.organizationId} alone`;
  const question =
    what === 'give'
      ? mrkdwn`Make ${who} ${roleIn(grant)}? They may then, ${where}: ${MAY[grant.role]}.`
      : mrkdwn`Take the role ${roleIn(grant)} from ${who}? It is gone with their next click.`;
  const label = what === 'give' ? 'Give the role' : 'Take it away';
  const style = what === 'give' && grant.role !== 'owner' ? 'primary' : 'danger';
  return sentence(
    question,
    actions(
      runButton(label, `${grantCommand(what, grant)} sure=yes`, { once, style }),
      cancelButton(),
    ),
    context(mrkdwn`Roles they have now: ${rolesText(has)}. Nothing has changed yet.`),
  );
}

export function roleChangedSpeech({ what, grant }: RoleChange, changed: boolean): Speech {
  const who = callOut(grant.holder);
  const said =
    what === 'give'
      ? mrkdwn`✅ ${who} ${changed ? 'is now' : 'was already'} ${roleIn(grant)}.`
      : mrkdwn`✅ ${who} is ${roleIn(grant)} no longer.`;
  return sentence(
    said,
    actions(runButton('Settings', '/quartermaster settings')),
    context(mrkdwn`It holds from now on, on every bot; the audit trail has it.`),
  );
}
