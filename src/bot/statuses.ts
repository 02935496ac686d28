// Suspending, pausing and resuming: what is done, and what is said about it.

import { isRepeated } from '../core/change.ts';
import { once } from '../core/once.ts';
import { isRefusal } from '../core/refusals.ts';
import { setTeamStatus } from '../core/teams/set-status.ts';
import type { TeamStatus } from '../core/teams/team.ts';
import { statusNews, statusSpeech } from './blocks/status.ts';
import type { Call } from './call.ts';
import { tellChannel } from './creating.ts';
import { tellUnknownTeam } from './unknown-team.ts';

export interface StatusWish {
  readonly teamId: string;
  readonly status: TeamStatus;
  readonly reason?: string | undefined;
}

/** Does it once, tells the person and, if something changed, the team's channel. */
export async function changeStatus(
  call: Call,
  wish: StatusWish,
  commandFor: (teamId: string) => string,
  options: { readonly replace?: boolean } = {},
): Promise<void> {
  const { teamId, status, reason } = wish;
  const exact = { teamId, status, ...(reason === undefined ? {} : { reason }) };
  const set = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    setTeamStatus(stores, call.actor, exact),
  );
  if (isRepeated(set)) {
    return;
  }
  if (isRefusal(set)) {
    await tellUnknownTeam(call, set, teamId, commandFor);
    return;
  }
  await call.reply(statusSpeech(set), options);
  if (set.changed) {
    await tellChannel(call, set.team.channelId, statusNews(set.team, call.userId));
  }
}
