import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { DAY_MS } from '../../core/time.ts';
import { dayAfterSpeech } from '../blocks/day-after.ts';
import type { Speech } from '../blocks/kit.ts';
import { refusedOf } from '../readings.ts';

/** As many teams as a customer begins with, and some that were added within the day. */
const TEAMS_TOLD = 10;
/** What was used since the beginning, if the post was late. */
const LOOK_BACK_MS = 7 * DAY_MS;

/** Whether the teams of a new customer have called; nothing if it is gone. */
export async function dayAfterPost(
  stores: Stores,
  [first]: readonly Post<'onboarding.day_after'>[],
): Promise<Speech | undefined> {
  const { records, clock } = stores;
  const organization = first && (await records.organizations.find(first.facts.organizationId));
  if (organization === undefined || organization.status === 'archived') {
    return undefined;
  }
  const { id: organizationId } = organization;
  const teams = await records.teams.list({ organizationId, limit: TEAMS_TOLD });
  const since = new Date(clock() - LOOK_BACK_MS);
  const stands = await Promise.all(
    teams.map(async (team) => ({
      team,
      use: await records.usage.chargedSince(team.id, since),
      refusals: await refusedOf(stores, team.id, DAY_MS),
    })),
  );
  return dayAfterSpeech(organization, stands);
}
