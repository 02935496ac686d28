import type { Organization } from '../../core/organizations/organization.ts';
import { OPERATORS } from '../../core/posts/post.ts';
import type { Team } from '../../core/teams/team.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { placeName } from './place-name.ts';
import { runButton } from './run-button.ts';
import { termsText } from './team-words.ts';

/** What is different of a team now, with what it was. */
export function editedSpeech(before: Team, after: Team): Speech {
  const was = termsText(before);
  const is = termsText(after);
  const lines: Mrkdwn[] = [
    ...(before.alias === after.alias ? [] : [mrkdwn`*Name*  ${after.alias} (was ${before.alias})`]),
    ...(was.mrkdwn === is.mrkdwn
      ? []
      : [mrkdwn`*Price*  ${is}, from the next call on (was ${was})`]),
  ];
  const said =
    lines.length === 0
      ? mrkdwn`${code(after.id)} is so already. Nothing was changed.`
      : mrkdwn`✅ ${code(after.id)} is changed.`;
  return speech(said, [
    section(lines.length === 0 ? said : joined([said, ...lines], '\n')),
    actions(runButton('Show team', `/team show ${after.id}`)),
  ]);
}

/** For the person who linked a channel to a team, or took the link away. `home` is where it is spoken to now. */
export function linkedSpeech({ id, channelId }: Team, home: string): Speech {
  return sentence(
    channelId === null
      ? mrkdwn`✅ ${code(id)} is linked to no channel any more: ${leftText(home)}.`
      : mrkdwn`✅ News and alerts of ${code(id)} go to ${channelLink(channelId)} from now on.`,
    actions(runButton('Show team', `/team show ${id}`)),
  );
}

/** The operators are bothered with alerts alone. */
function leftText(home: string): Mrkdwn {
  return home === OPERATORS
    ? mrkdwn`its alerts go to ${placeName(home)}, and its news to nobody`
    : mrkdwn`its news and alerts go to ${placeName(home)}, the channel of its organization`;
}

/** The same for an organization. */
export function linkedOrganizationSpeech({ id, channelId }: Organization): Speech {
  return sentence(
    channelId === null
      ? mrkdwn`✅ Organization ${code(id)} is linked to no channel any more.`
      : mrkdwn`✅ News of organization ${code(id)} go to ${channelLink(channelId)} from now on, and so do news and alerts of its teams that have no channel of their own.`,
    actions(runButton('Show organization', `/org show ${id}`)),
  );
}
