import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { actions, context, section, speech } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import { moment, person } from '../blocks/words.ts';
import { code, mrkdwn } from '../escape.ts';

/** Tells who made a link that it was opened: a link that somebody else opened is a key that leaked. */
export async function revealedKeyPost(
  _: Stores,
  [first]: readonly Post<'key.revealed'>[],
): Promise<Speech | undefined> {
  if (first === undefined) {
    return undefined;
  }
  const { teamId, keyId, lastFour, by, atMs } = first.facts;
  const said = mrkdwn`🔑 Key ${code(`sk-…${lastFour}`)} of ${code(teamId)} was revealed ${moment(new Date(atMs))}, by ${person(by)}.`;
  return speech(said, [
    section(said),
    context(
      mrkdwn`You made that link, and it works no more. If nobody was to open it then, rotate the key without a grace.`,
    ),
    actions(
      runButton('Show key', `/team key show ${teamId} ${keyId}`),
      runButton('Rotate …', `/team key rotate ${teamId} ${keyId} grace=0`),
    ),
  ]);
}
