// A post that is a file. Slack takes a file in two steps: it is handed over, where nobody sees it, and then shown in a
// channel. Only the second one may not happen twice, so the post is marked with the file in between.

import type { WebClient } from '@slack/web-api';
import type { Letter } from '../../core/posts/letter.ts';
import { SECOND_MS } from '../../core/time.ts';
import type { FileToSend } from '../files.ts';
import { conversationOf } from './doubt.ts';
import type { Mail } from './mail.ts';
import { channelOf } from './places.ts';
import { inChannel } from './say.ts';
import { verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** A few hundred kilobytes; what takes longer comes again. */
const HAND_OVER_MAX_MS = 30 * SECOND_MS;
/** With waits of up to five minutes these last for some hours. What stands behind it in its place waits as long. */
const HAND_OVER_TRIES_MAX = 100;

/** Hands the file over and shows it in the place, with a text above it. */
export async function shareFile(
  mail: Mail,
  { first, posts: said }: Letter,
  text: string,
  file: FileToSend,
): Promise<Verdict> {
  const { client, stores } = mail;
  const { posts } = stores.records;
  const ids = said.map((post) => post.id);
  try {
    await posts.tried(ids, new Date(stores.clock()));
    const fileId = await handOver(client, file);
    if (typeof fileId !== 'string') {
      return fileId.kind === 'wait' && first.tries >= HAND_OVER_TRIES_MAX
        ? { kind: 'refused', complaint: fileId.complaint }
        : fileId;
    }
    const channel = await conversationOf(mail, channelOf(mail, first.place));
    await posts.tried(ids, new Date(stores.clock()), fileId);
    await inChannel(mail, channel, async () =>
      client.files.completeUploadExternal({
        files: [{ id: fileId, title: file.title }],
        channel_id: channel,
        initial_comment: text,
      }),
    );
    // Slack makes the message in its own time, and does not say which one it is.
    return { kind: 'said', spot: { channelId: channel, stamp: '' } };
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict === undefined) {
      throw error;
    }
    return verdict;
  }
}

async function handOver(
  client: WebClient,
  { name, content, altText }: FileToSend,
): Promise<string | Verdict> {
  const answer = await client.files.getUploadURLExternal({
    filename: name,
    length: content.length,
    ...(altText === undefined ? {} : { alt_text: altText }),
  });
  const { upload_url: url = '', file_id: fileId = '' } = answer;
  if (url === '' || fileId === '') {
    return { kind: 'refused', complaint: 'Slack named no place to hand the file over, or no file' };
  }
  try {
    const signal = AbortSignal.timeout(HAND_OVER_MAX_MS);
    const taken = await fetch(url, { method: 'POST', body: new Uint8Array(content), signal });
    await taken.body?.cancel();
    return taken.ok ? fileId : notTaken(`its answer was ${taken.status}`);
  } catch (error) {
    return notTaken(String(error));
  }
}

/** Nobody has seen anything of it. */
function notTaken(why: string): Verdict {
  return { kind: 'wait', complaint: `Handing a file to Slack: ${why}`, isSure: true };
}
