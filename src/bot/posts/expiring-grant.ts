import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { credits, moment } from '../blocks/words.ts';
import { code, mrkdwn } from '../escape.ts';

/** Nothing is said if nothing is left to lose, or it is lost. */
export async function expiringGrantPost(
  { records, clock }: Stores,
  [first]: readonly Post<'grant.expiring'>[],
): Promise<Speech | undefined> {
  const grant = first && (await records.grants.find(first.facts.grantId));
  if (
    grant === undefined ||
    grant.expiresAt === null ||
    grant.remaining === 0n ||
    grant.expiresAt.getTime() <= clock()
  ) {
    return undefined;
  }
  return sentence(
    mrkdwn`⏳ ${credits(grant.remaining)} of team *${grant.teamId}* expire ${moment(grant.expiresAt)}.`,
    context(
      mrkdwn`They are used before credits that expire later. See ${code(`/team credits show ${grant.teamId}`)}.`,
    ),
  );
}
