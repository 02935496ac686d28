import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { moment } from '../blocks/words.ts';
import { mrkdwn } from '../escape.ts';

/** What a person asked for and was not told, so that nobody asks for it twice. */
export async function lateAnswerPost(
  _: Stores,
  [first]: readonly Post<'answer.late'>[],
): Promise<Speech | undefined> {
  if (first === undefined) {
    return undefined;
  }
  const { said, askedAtMs } = first.facts;
  return sentence(
    // It was escaped when it was made.
    { mrkdwn: said },
    context(
      mrkdwn`This answers what you asked for (${moment(new Date(askedAtMs))}): Slack did not take the answer then. Don't ask for it again.`,
    ),
  );
}
