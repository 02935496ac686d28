import { ADMINISTRATORS, OPERATORS } from '../../core/posts/post.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Mail } from './mail.ts';

/**
 * Where a post goes whose place can't be reached: from the team's channel to the operators', from there to
 * the administrators. Nowhere, if it was for one person.
 */
export async function placesAfter(mail: Mail, { place, teamId }: Post): Promise<readonly string[]> {
  if (/^[UW]/.test(place)) {
    return [];
  }
  const team = teamId === null ? undefined : await mail.stores.records.teams.find(teamId);
  const chain = [team?.channelId, OPERATORS].filter((next) => next !== null && next !== undefined);
  const isOperators = place === OPERATORS || place === mail.operatorsChannel;
  const rest = isOperators ? [] : chain.slice(chain.indexOf(place) + 1);
  return rest.length > 0 ? rest.slice(0, 1) : [ADMINISTRATORS];
}

/** What Slack calls a place. */
export function channelOf({ operatorsChannel }: Mail, place: string): string {
  return place === OPERATORS ? (operatorsChannel ?? place) : place;
}
