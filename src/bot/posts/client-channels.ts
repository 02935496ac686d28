import type { Stores } from '../../core/stores.ts';

/** Whether people of a customer may read along: a team or a customer is linked to this channel. */
export async function isLinked(
  { records }: Pick<Stores, 'records'>,
  place: string,
): Promise<boolean> {
  const [team] = await records.teams.list({ channelId: place, limit: 1 });
  return (
    team !== undefined ||
    (await records.organizations.list()).some(({ channelId }) => channelId === place)
  );
}

/** Whether only our own people read a place: a person's own conversation, or the channel for approvals. */
export async function isInternal(stores: Stores, place: string): Promise<boolean> {
  const isChannel = /^[CG]/.test(place);
  return (
    !isChannel ||
    (place === stores.settings.approvals.channelId && !(await isLinked(stores, place)))
  );
}
