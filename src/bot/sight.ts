// What a person may see at all: everything, or what belongs to organizations in which a role of theirs counts.
// Lists, menus and guesses are made of nothing else, for names tell, too.

import type { Call } from './call.ts';
import type { Role } from '../core/policy.ts';

/** Ids of organizations; none for who has no role. */
export type Sight = 'everything' | readonly string[];

/** Where this person has at least this role. */
export async function sightOf(
  { bot, userId }: Pick<Call, 'bot' | 'userId'>,
  needed: Role = 'viewer',
): Promise<Sight> {
  return bot.roles.sight(userId, needed);
}

/** The part of a filter that keeps to it. */
export function within(sight: Sight): { readonly organizationIds?: readonly string[] } {
  return sight === 'everything' ? {} : { organizationIds: sight };
}

export function isSeen(sight: Sight, organizationId: string): boolean {
  return sight === 'everything' || sight.includes(organizationId);
}
