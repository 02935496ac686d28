import type { PostFacts } from '../../core/posts/post.ts';
import { channelLink, code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { moment } from './words.ts';

type Asked = PostFacts['request.broken_off'];

/** Nobody works on it any more: what became of it, and how it is asked for again. */
export function brokenOffSpeech(asked: Asked, isDone: boolean): Speech {
  const { text, onceId, channelId } = asked;
  if (isDone) {
    return sentence(
      mrkdwn`✅ I was stopped before I could answer ${askedText(asked)}. *It is saved.*`,
      context(mrkdwn`Don't ask for it again: ${code('/team show')} tells how it stands.`),
    );
  }
  if (text.startsWith('/')) {
    const options = { once: onceId, isSame: true, style: 'primary', channelId } as const;
    return sentence(
      mrkdwn`⚠️ I was stopped while I worked on ${askedText(asked)}. *It was not done.*`,
      actions(runButton('Do it now', text, options)),
      context(
        mrkdwn`The button is the same request, which is done once. Typed again, it would be another one.`,
      ),
    );
  }
  return sentence(
    mrkdwn`⚠️ I was stopped while I worked on ${askedText(asked)}. *It may have been done, or not.*`,
    context(
      mrkdwn`Look with ${code('/team show')} before you ask again. A button that is pressed again does nothing twice.`,
    ),
  );
}

function askedText({ text, onceId, channelId, askedAtMs }: Asked): Mrkdwn {
  const where = channelId === undefined ? mrkdwn`` : mrkdwn` in ${channelLink(channelId)}`;
  const when = moment(new Date(askedAtMs));
  if (text.startsWith('/')) {
    return mrkdwn`${code(text)}, which you asked for${where} (${when})`;
  }
  return onceId.startsWith('view:')
    ? mrkdwn`the form that you sent (${when})`
    : mrkdwn`what you asked for${where} (${when})`;
}
