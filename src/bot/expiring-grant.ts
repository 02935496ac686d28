// News of a grant that ends soon. Told at least once: a process that dies between posting and being done
// posts it again, which is rare and harms nobody.

import type { Announcer } from './announce.ts';
import { context, sentence } from './blocks/kit.ts';
import { credits, moment } from './blocks/words.ts';
import { code, mrkdwn } from './escape.ts';
import { postNews } from './news.ts';

/** Posts into the team's channel, or the operators' where it has none. Nothing if nothing is left to lose. */
export async function tellExpiringGrant(announcer: Announcer, grantId: string): Promise<void> {
  const { records, clock } = announcer.stores;
  const grant = await records.grants.find(grantId);
  const team = grant && (await records.teams.find(grant.teamId));
  const channelId = team?.channelId ?? announcer.operatorsChannel;
  if (
    grant === undefined ||
    grant.expiresAt === null ||
    grant.remaining === 0n ||
    grant.expiresAt.getTime() <= clock() ||
    channelId === undefined
  ) {
    return;
  }
  const said = mrkdwn`⏳ ${credits(grant.remaining)} of team *${grant.teamId}* expire ${moment(grant.expiresAt)}.`;
  const use = mrkdwn`They are used before credits that expire later. See ${code(`/team credits show ${grant.teamId}`)}.`;
  await postNews(announcer, channelId, sentence(said, context(use)));
}
