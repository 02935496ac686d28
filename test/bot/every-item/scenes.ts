// What stands there before something is pressed.

import { watchLowCredit } from '../../../src/core/alerts/low-credit.ts';
import { givenTeam } from '../person.ts';
import { spend } from '../usage.ts';
import type { Desk } from './desk.ts';

/** A team of which an alert stands in its channel. */
export async function alertOf({ subject, stores, news }: Desk, teamId: string) {
  await givenTeam(subject, teamId);
  await spend(subject, teamId, 850n);
  await watchLowCredit(stores);
  return news(`${teamId} is low on credits`);
}

/** A large top-up that waits: what its author sees, and the card of the approvers. */
export async function proposalOf({ subject, type, told, news }: Desk, teamId: string) {
  await givenTeam(subject, teamId);
  await type(`/team topup ${teamId} 25k reason="Invoice 17"`);
  const own = await told('This needs a second pair of eyes');
  return { own, card: await news(`Approval needed · Top up ${teamId}`) };
}

export async function isOpen({ stores }: Desk, teamId: string): Promise<boolean> {
  const [proposal] = await stores.records.approvals.list({ teamId, limit: 1 });
  return proposal?.status === 'pending';
}

export function check(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what);
  }
}
