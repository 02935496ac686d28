import { ADMINISTRATORS, OPERATORS } from '../../core/posts/post.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Mail } from './mail.ts';

/**
 * Where a post goes whose place can't be reached: from the team's channel to its organization's, from there to
 * the operators', from there to the administrators. What was for one person goes the same way if it is news of
 * a team or organization, else nowhere.
 */
export async function placesAfter(mail: Mail, post: Post): Promise<readonly string[]> {
  const { place, teamId, organizationId } = post;
  if (/^[UW]/.test(place) && teamId === null && organizationId === null) {
    return [];
  }
  const { teams, organizations } = mail.stores.records;
  const team = teamId === null ? undefined : await teams.find(teamId);
  const owner = organizationId ?? team?.organizationId;
  const organization = owner === undefined ? undefined : await organizations.find(owner);
  const chain = [team?.channelId, organization?.channelId, OPERATORS].filter(
    (next) => next !== null && next !== undefined,
  );
  const isOperators = place === OPERATORS || place === mail.operatorsChannel;
  const rest = isOperators ? [] : chain.slice(chain.lastIndexOf(place) + 1);
  return rest.length > 0 ? rest.slice(0, 1) : [ADMINISTRATORS];
}

/** What Slack calls a place. */
export function channelOf({ operatorsChannel }: Mail, place: string): string {
  return place === OPERATORS ? (operatorsChannel ?? place) : place;
}
