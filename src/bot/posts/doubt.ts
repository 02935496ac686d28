// A message carries the ids of the posts that it says. So whoever comes after a sender that died, or that
// Slack gave no answer, can see whether it was said.

import type { Letter } from '../../core/posts/letter.ts';
import type { Post } from '../../core/posts/post.ts';
import { MINUTE_MS } from '../../core/time.ts';
import type { Mail } from './mail.ts';
import { channelOf } from './places.ts';
import { verdictOf } from './verdict.ts';

const EVENT_TYPE = 'quartermaster_posts';
/** Slack's clock and ours may differ by so much. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;
/** A file that was shown stands in its channel by then; a message does at once. */
const FILE_SHOWN_WITHIN_MS = MINUTE_MS;
/** As many as Slack gives at once. */
const PAGE = 200;
/** A channel with more messages since then would be a wonder. */
const PAGES_MAX = 10;

export function metadataOf({ posts }: Letter) {
  const ids = posts.map((post) => String(post.id)).join(' ');
  return { event_type: EVENT_TYPE, event_payload: { posts: ids } };
}

/**
 * Finds out which of the posts that were tried were said. `none`: there was no doubt. `settled`: there is
 * none any more. `open`: Slack can't be asked just now.
 */
export async function settleDoubt(
  mail: Mail,
  waiting: readonly Post[],
): Promise<'none' | 'settled' | 'open'> {
  const tried = waiting.filter((post) => post.triedAt !== null);
  const [first] = tried;
  if (first === undefined) {
    return 'none';
  }
  const { posts } = mail.stores.records;
  const fileMayCome = tried.some(
    ({ fileId, triedAt }) =>
      fileId !== null && mail.stores.clock() - (triedAt?.getTime() ?? 0) < FILE_SHOWN_WITHIN_MS,
  );
  if (fileMayCome) {
    return 'open';
  }
  try {
    for (const message of await messagesSince(mail, first)) {
      const ids = [
        ...idsIn(message.metadata).filter((id) => tried.some((post) => post.id === id)),
        ...tried
          .filter(({ fileId }) => fileId !== null && message.fileIds.includes(fileId))
          .map(({ id }) => id),
      ];
      if (ids.length > 0) {
        const spot = { channelId: message.channelId, stamp: message.stamp };
        await posts.said(ids, spot, new Date(mail.stores.clock()));
      }
    }
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict === undefined) {
      throw error;
    }
    if (verdict.kind === 'wait') {
      mail.log.warn({ part: 'posts', place: first.place, ...verdict }, 'Slack shows no messages');
      return 'open';
    }
    // Where nobody gets in, nothing was said.
  }
  await posts.untried(tried.map((post) => post.id));
  return 'settled';
}

interface Shown {
  readonly channelId: string;
  readonly stamp: string;
  readonly metadata: unknown;
  readonly fileIds: readonly string[];
}

/** What stands where the post would stand, since it was tried. */
async function messagesSince(mail: Mail, post: Post): Promise<Shown[]> {
  const { client, stores } = mail;
  const root =
    post.message === null || post.manner === 'say'
      ? undefined
      : await stores.records.posts.spotOf(post.message);
  const channel = root?.channelId ?? (await conversationOf(mail, channelOf(mail, post.place)));
  const since = (post.triedAt ?? post.createdAt).getTime() - CLOCK_SKEW_MS;
  const thread = post.manner === 'reply' ? root : undefined;
  const shown: Shown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const wish = {
      channel,
      oldest: String(Math.floor(since / 1_000)),
      include_all_metadata: true,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = await (thread === undefined
      ? client.conversations.history(wish)
      : client.conversations.replies({ ...wish, ts: thread.stamp }));
    for (const { ts, metadata, files: shared = [] } of answer.messages ?? []) {
      const fileIds = shared.map(({ id = '' }) => id);
      shown.push({ channelId: channel, stamp: ts ?? '', metadata, fileIds });
    }
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) {
      break;
    }
  }
  return shown;
}

/** A person's messages stand in the conversation with the bot, which has an id of its own. */
export async function conversationOf({ client }: Mail, place: string): Promise<string> {
  if (!/^[UW]/.test(place)) {
    return place;
  }
  const { channel } = await client.conversations.open({ users: place });
  return channel?.id ?? place;
}

function idsIn(metadata: unknown): bigint[] {
  const { event_type: type, event_payload: payload } = (metadata ?? {}) as {
    readonly event_type?: unknown;
    readonly event_payload?: { readonly posts?: unknown };
  };
  const ids = type === EVENT_TYPE ? payload?.posts : undefined;
  return typeof ids === 'string' && /^\d+( \d+)*$/.test(ids) ? ids.split(' ').map(BigInt) : [];
}
