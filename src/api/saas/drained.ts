import { setTimeout as pause } from 'node:timers/promises';
import { GateUnavailable } from '../../core/faults.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { SECOND_MS } from '../../core/time.ts';

/** The worker drains within a fraction of a second; who waits longer waits for a dead worker. */
const WAIT_MAX_MS = SECOND_MS;
const LOOK_AGAIN_MS = 40;

/**
 * Waits until the records hold every call that the gate had charged when asked, so that usage read
 * after it misses none of them. Answers the microcredits still missing after a second, usually 0.
 */
export async function whenDrained(stores: Stores, team: Team): Promise<bigint> {
  const charged = await chargedSoFar(stores, team);
  const until = performance.now() + WAIT_MAX_MS;
  for (;;) {
    const account = await stores.records.ledger.account(team.id);
    const missing = charged - (account?.used ?? 0n);
    if (missing <= 0n || performance.now() > until) {
      return missing > 0n ? missing : 0n;
    }
    await pause(LOOK_AGAIN_MS);
  }
}

async function chargedSoFar(stores: Stores, team: Team): Promise<bigint> {
  try {
    return (await stores.gate.balance(team)).charged;
  } catch (error) {
    if (error instanceof GateUnavailable) {
      return 0n;
    }
    throw error;
  }
}
