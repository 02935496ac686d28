import { SYSTEM } from './audit/audit.ts';
import { setOrganizationStatus } from './organizations/set-status.ts';
import { statusAt } from './status.ts';
import type { Standing } from './status.ts';
import type { Stores } from './stores.ts';
import { setTeamStatus } from './teams/set-status.ts';

/** What one run writes; the next one goes on. */
const LIFTED_PER_RUN_MAX = 200;

const REASON = 'its end was reached';

/**
 * Writes down that states have lifted by themselves: the gate let calls through from that moment on. Any
 * number of workers may do it at once: each state is lifted once. Answers how many were.
 */
export async function liftStatuses(stores: Stores): Promise<number> {
  const { records, clock } = stores;
  const at = new Date(clock());
  let lifted = 0;
  for (const organizationId of await records.organizations.lifted(at, LIFTED_PER_RUN_MAX)) {
    lifted += await lift(stores, async (inside) => {
      const found = await inside.records.organizations.locked(organizationId);
      const wish = { organizationId, status: 'active', reason: REASON } as const;
      return isLifted(found, at) ? setOrganizationStatus(inside, SYSTEM, wish) : undefined;
    });
  }
  for (const teamId of await records.teams.lifted(at, LIFTED_PER_RUN_MAX)) {
    lifted += await lift(stores, async (inside) => {
      const found = await inside.records.teams.locked(teamId);
      const wish = { teamId, status: 'active', reason: REASON } as const;
      return isLifted(found, at) ? setTeamStatus(inside, SYSTEM, wish) : undefined;
    });
  }
  return lifted;
}

/** Still so when it is locked: somebody may have said something else meanwhile. */
function isLifted(found: Standing | undefined, at: Date): boolean {
  return (
    found !== undefined && found.status !== 'active' && statusAt(found, at.getTime()) === 'active'
  );
}

/** The gate needs not be told at once: to it, what has lifted is active already. */
async function lift(stores: Stores, work: (inside: Stores) => Promise<unknown>): Promise<number> {
  const gate = { ...stores.gate, project: async () => undefined };
  return stores.records.change(async (records) =>
    (await work({ ...stores, records, gate })) === undefined ? 0 : 1,
  ) as Promise<number>;
}
