import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { moment } from '../blocks/words.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Standing } from './renderers.ts';

/** How a task is now that was failing. What was over before it was told needs no telling. */
export async function failingTaskPost(
  { records }: Stores,
  posts: readonly Post<'task.failing'>[],
  { isSaid }: Standing,
): Promise<Speech | undefined> {
  const facts = posts[0]?.facts;
  const run = facts && (await records.taskRuns.find(facts.task));
  if (facts === undefined || run === undefined) {
    return undefined;
  }
  const { task, sinceMs, cure } = facts;
  const since = moment(new Date(sinceMs));
  if (run.failingSince?.getTime() !== sinceMs) {
    return isSaid
      ? sentence(
          mrkdwn`✅ The worker's task *${task}*, which failed from ${since} on, is well again.`,
        )
      : undefined;
  }
  return sentence(
    mrkdwn`🔧 The worker's task *${task}* has been failing since ${since}: ${run.complaint ?? 'it gives no reason'}`,
    context(mrkdwn`What to do: ${cure}. ${code(`npm run worker:run ${task}`)} tries it at once.`),
  );
}
