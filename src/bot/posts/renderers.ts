// What each kind of post says. It is put into words when it is said: from what the post remembers, and
// from the state of then.

import type { Letter } from '../../core/posts/letter.ts';
import type { Post, PostKind } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import type { Speech } from '../blocks/kit.ts';
import type { FileToSend } from '../files.ts';
import { alertPost, alertStepPost } from './alert.ts';
import { brokenOffPost } from './broken-off.ts';
import { changeNewsPost } from './change-news.ts';
import { dayAfterPost } from './day-after.ts';
import { digestPost } from './digest.ts';
import { digestFilePost } from './digest-file.ts';
import { failingTaskPost } from './failing-task.ts';
import { lateAnswerPost } from './late-answer.ts';
import { lostPlacePost } from './lost-place.ts';
import { endedBudgetsPost } from './ended-budgets.ts';
import { proposalPost, proposalQuestionPost, proposalReminderPost } from './proposal.ts';
import { revealedKeyPost } from './revealed-key.ts';
import { changedPricesPost } from './changed-prices.ts';

export interface Standing {
  /** Whether the message that is to be kept current stands somewhere. */
  readonly isSaid: boolean;
}

/** What a post says. */
export interface PostSpeech extends Speech {
  /** It is this file, and the text stands above it. */
  readonly file?: FileToSend;
}

/** One message for all of these, in order; undefined if there is nothing to say any more. */
export type Renderer<Kind extends PostKind> = (
  stores: Stores,
  posts: readonly Post<Kind>[],
  standing: Standing,
) => Promise<PostSpeech | undefined>;

export const RENDERERS: { readonly [Kind in PostKind]: Renderer<Kind> } = {
  'change.news': changeNewsPost,
  'onboarding.day_after': dayAfterPost,
  digest: digestPost,
  'digest.file': digestFilePost,
  alert: alertPost,
  proposal: proposalPost,
  'proposal.reminder': proposalReminderPost,
  'proposal.question': proposalQuestionPost,
  'alert.step': alertStepPost,
  'place.lost': lostPlacePost,
  'answer.late': lateAnswerPost,
  'key.revealed': revealedKeyPost,
  'request.broken_off': brokenOffPost,
  'task.failing': failingTaskPost,
  'prices.changed': changedPricesPost,
  'budget.ended': endedBudgetsPost,
};

export async function speechOf(
  stores: Stores,
  { first, posts }: Letter,
  standing: Standing,
): Promise<PostSpeech | undefined> {
  if (!Object.hasOwn(RENDERERS, first.kind)) {
    throw new Error(`There is no way to say a post of the kind "${first.kind}"`);
  }
  // All posts of a letter are of one kind.
  return (RENDERERS[first.kind] as Renderer<PostKind>)(stores, posts, standing);
}
