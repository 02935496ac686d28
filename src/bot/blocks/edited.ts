import type { Team } from '../../core/teams/team.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
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

/** For the person who linked a channel to a team, or took the link away. */
export function linkedSpeech({ id, channelId }: Team): Speech {
  return sentence(
    channelId === null
      ? mrkdwn`✅ ${code(id)} is linked to no channel any more: its news and alerts go to the operators.`
      : mrkdwn`✅ News and alerts of ${code(id)} go to ${channelLink(channelId)} from now on.`,
    actions(runButton('Show team', `/team show ${id}`)),
  );
}
