import { OPERATORS } from '../posts/post.ts';
import type { PostRecords } from '../posts/post-records.ts';
import type { Records } from '../stores.ts';
import type { Team } from '../teams/team.ts';

/** Inside of a change: has the message of an episode made, or brought up to date; and listeners told. */
export async function tellAlert(
  records: Records,
  team: Pick<Team, 'id' | 'channelId'>,
  episodeId: string,
): Promise<void> {
  await showAlert(records.posts, team, episodeId);
  await records.outbox.add({ kind: 'alert.changed', episodeId });
}

/** Has the message of an episode say what is true now. */
export async function showAlert(
  posts: PostRecords,
  { id: teamId, channelId }: Pick<Team, 'id' | 'channelId'>,
  episodeId: string,
): Promise<void> {
  await posts.add({
    place: channelId ?? OPERATORS,
    kind: 'alert',
    facts: { episodeId },
    manner: 'keep',
    message: `alert:${episodeId}`,
    teamId,
  });
}
