import type { Post } from './post.ts';

/** What becomes one message. */
export interface Letter {
  /** In whose place it stands. */
  readonly first: Post;
  /** All of them, in order. */
  readonly posts: readonly Post[];
}

/**
 * The next message of a place: its first post, and everything behind it that may share the message. So
 * what gathered while Slack was away is said in few words, and what was overtaken is not said at all.
 * Undefined of nothing.
 */
export function nextLetter(waiting: readonly Post[]): Letter | undefined {
  const [first] = waiting;
  if (first === undefined) {
    return undefined;
  }
  const key = shareKey(first);
  const posts = key === undefined ? [first] : waiting.filter((post) => shareKey(post) === key);
  return { first, posts };
}

function shareKey({ kind, manner, mergeKey, message }: Post): string | undefined {
  // However often a message was to be brought up to date: once is enough.
  const key = mergeKey ?? (manner === 'keep' ? message : null);
  return key === null ? undefined : `${kind} ${manner} ${key}`;
}
