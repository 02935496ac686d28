// Taking credits out of a team without taking what calls under way have reserved or used. Steps: withhold in
// the gate → post to the ledger → project the team → release. Whatever dies in between leaves credits
// withheld, never loose: the reaper projects the team and ends the reservation. Trade-off: between projecting
// and releasing, for about a millisecond, the amount is missing twice.

import { setTimeout as pause } from 'node:timers/promises';
import { tellGate } from '../change.ts';
import { GateUnavailable, RecordsUnavailable } from '../faults.ts';
import type { ProjectionSubject } from '../gateway/gate.ts';
import { WITHHELD_PREFIX } from '../gateway/withholding.ts';
import type { WithholdAsk } from '../gateway/withholding.ts';
import { newId, sha256 } from '../ids.ts';
import { creditsInWords } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';

export interface TakingWish {
  readonly team: Pick<Team, 'id' | 'organizationId'>;
  /** Microcredits. */
  readonly amount: bigint;
  readonly reference: string;
  /** What must stay spendable, in microcredits; 0 where nothing is said. */
  readonly floor?: bigint;
  /** As much as there is, where there is less. */
  readonly orLess?: boolean;
  /** Who else must be told, because credits come to them. */
  readonly alsoTell?: readonly ProjectionSubject[];
}

/** Somebody else is at the same change, or died in it: the gate lets go of what was withheld within a minute. */
export class AnotherAttempt extends GateUnavailable {
  override name = 'AnotherAttempt';
}

/** Another attempt at the same change ends within this, or died. */
const UNDERWAY_WAIT_MS = 4_000;
const UNDERWAY_STEP_MS = 40;

/** Takes credits; `post` writes the change and gets what was withheld. Repeating it changes nothing. */
export async function take<Answer>(
  stores: Stores,
  wish: TakingWish,
  post: (amount: bigint) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const { team, amount, reference } = wish;
  const until = performance.now() + UNDERWAY_WAIT_MS;
  for (;;) {
    if ((await stores.records.ledger.find(team.id, reference)) !== undefined) {
      return tellOf(stores, wish, await post(amount));
    }
    const ask = withholdAskOf(wish);
    const held = await stores.gate.withhold(ask);
    if (held.withheld) {
      return postWithheld(stores, ask, wish, async () => post(held.amount));
    }
    if (!held.underway && (await stores.records.ledger.find(team.id, reference)) !== undefined) {
      // Another attempt ended between the two looks: what is short is what it took.
      continue;
    }
    if (!held.underway) {
      const [spendable, reserved] = [held.spendable, held.reserved].map(creditsInWords);
      const facts = { spendable: spendable ?? 'nothing', reserved: reserved ?? 'nothing' };
      const wanted = creditsInWords(amount);
      return refuse('credits_not_spendable', { team: team.id, wanted, ...facts });
    }
    if (performance.now() > until) {
      throw new AnotherAttempt(
        `Taking credits of team ${team.id}: another attempt under this reference is under way, try again`,
      );
    }
    await pause(UNDERWAY_STEP_MS * (1 + Math.random()));
  }
}

/** What is asked of the gate: a name of its own for each attempt at the same change. */
export function withholdAskOf({ team, amount, reference, floor, orLess }: TakingWish): WithholdAsk {
  return {
    reservationId: `${WITHHELD_PREFIX}${sha256(`${team.id}\n${reference}`)}:${newId()}`,
    teamId: team.id,
    organizationId: team.organizationId,
    amount,
    floor: floor ?? 0n,
    orLess: orLess ?? false,
  };
}

async function tellOf<Answer>(
  stores: Stores,
  { team, alsoTell = [] }: TakingWish,
  answer: Answer | Refusal,
): Promise<Answer | Refusal> {
  if (!isRefusal(answer)) {
    await tellGate(stores, { teamId: team.id }, ...alsoTell);
  }
  return answer;
}

async function postWithheld<Answer>(
  stores: Stores,
  ask: WithholdAsk,
  wish: TakingWish,
  post: () => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  // A fault leaves it withheld: whether it was posted is not known, and the reaper finds out.
  const answer = await tellOf(stores, wish, await post());
  await stores.gate.release(ask).catch((error: unknown) => {
    // The reaper releases it later.
    if (!(error instanceof GateUnavailable || error instanceof RecordsUnavailable)) {
      throw error;
    }
  });
  return answer;
}
