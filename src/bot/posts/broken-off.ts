import { isDone } from '../../core/asking/asked-request.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { brokenOffSpeech } from '../blocks/broken-off.ts';
import type { Speech } from '../blocks/kit.ts';

/** What became of a request whose process was killed. */
export async function brokenOffPost(
  stores: Stores,
  [first]: readonly Post<'request.broken_off'>[],
): Promise<Speech | undefined> {
  return first && brokenOffSpeech(first.facts, await isDone(stores, first.facts));
}
