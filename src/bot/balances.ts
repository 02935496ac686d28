// Who has the least left.

import type { Call } from './call.ts';
import { balancesSpeech } from './blocks/balances.ts';
import { inBatches } from './in-batches.ts';
import { moneyOf } from './readings.ts';
import { sightOf, within } from './sight.ts';
import { organizationOf } from './unknown-organization.ts';

const TEAMS_SHOWN = 15;

/** Tells the neediest teams, of all in sight or of one organization. */
export async function tellBalances(call: Call, organizationId: string | undefined): Promise<void> {
  const { stores } = call.bot;
  const again = (id: string): string => `/credits org=${id}`;
  if (
    organizationId !== undefined &&
    (await organizationOf(call, organizationId, again)) === undefined
  ) {
    return;
  }
  const narrowed =
    organizationId === undefined
      ? within(await sightOf(call))
      : { organizationIds: [organizationId] };
  const found = await stores.records.totals.neediest({ ...narrowed, limit: TEAMS_SHOWN });
  const shown = await inBatches(found.teams, async (team) => ({
    team,
    money: await moneyOf(stores, team),
  }));
  await call.reply(
    balancesSpeech({
      organizationId,
      shown,
      teams: found.count,
      sum: found.balance,
    }),
  );
}
