import type { Stores } from '../../core/stores.ts';

/**
 * Whether what providers are paid may be told in a place: only our own people read a person's conversation with the bot,
 * what goes to the operators, and the channel for approvals. In any other channel people of a customer may read along,
 * linked or not, and in that one, too, while a team or an organization is linked to it.
 */
export async function isInternal(
  stores: Pick<Stores, 'records' | 'settings'>,
  place: string,
): Promise<boolean> {
  const isChannel = /^[CG]/.test(place);
  return (
    !isChannel ||
    (place === stores.settings.approvals.channelId && !(await isLinked(stores, place)))
  );
}

async function isLinked({ records }: Pick<Stores, 'records'>, channelId: string): Promise<boolean> {
  const [teams, organizations] = await Promise.all([
    records.teams.list({ channelId, limit: 1 }),
    records.organizations.list({ channelId }),
  ]);
  return teams.length + organizations.length > 0;
}
