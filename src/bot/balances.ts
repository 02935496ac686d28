// Who has the least left.

import type { Call } from './call.ts';
import { balancesSpeech } from './blocks/balances.ts';
import { inBatches } from './in-batches.ts';
import { moneyOf } from './readings.ts';
import { organizationOf } from './unknown-organization.ts';
import { byUrgency } from './views/home.ts';

/** Those with more teams narrow by organization. */
const TEAMS_READ = 500;
const TEAMS_SHOWN = 15;

/** Tells the neediest teams, of all or of one organization. */
export async function tellBalances(call: Call, organizationId: string | undefined): Promise<void> {
  const { stores } = call.bot;
  const again = (id: string): string => `/credits org=${id}`;
  if (
    organizationId !== undefined &&
    (await organizationOf(call, organizationId, again)) === undefined
  ) {
    return;
  }
  const narrowed = organizationId === undefined ? {} : { organizationId };
  const teams = await stores.records.teams.list({ ...narrowed, limit: TEAMS_READ });
  const standings = await inBatches(teams, async (team) => {
    const account = await stores.records.ledger.account(team.id);
    return { team, balance: account?.balance ?? 0n, allotment: account?.allotment ?? 0n };
  });
  const neediest = byUrgency(standings).slice(0, TEAMS_SHOWN);
  const shown = await inBatches(neediest, async ({ team }) => ({
    team,
    money: await moneyOf(stores, team),
  }));
  await call.reply(
    balancesSpeech({
      organizationId,
      shown,
      teams: teams.length,
      sum: standings.reduce((sum, { balance }) => sum + balance, 0n),
    }),
  );
}
