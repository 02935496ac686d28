import { GateUnavailable } from '../../core/faults.ts';
import { creditsToNumber } from '../../core/money.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';

/** A team's money in microcredits: allocated = remaining + reserved + used. */
interface TeamMoney {
  readonly allocated: bigint;
  readonly remaining: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
  /** True if the gate is away and the ledger spoke: the calls of the last moment are not in it. */
  readonly stale: boolean;
}

/** Reads balances for one request; once the gate was found away, it is not asked again. */
export function moneyReader(stores: Stores): (team: Team) => Promise<TeamMoney> {
  let isGateAway = false;
  return async (team) => {
    if (!isGateAway) {
      try {
        return await fromGate(stores, team);
      } catch (error) {
        if (!(error instanceof GateUnavailable)) {
          throw error;
        }
        isGateAway = true;
      }
    }
    return fromLedger(stores, team);
  };
}

async function fromGate(stores: Stores, team: Team): Promise<TeamMoney> {
  const { funded, spendable, reserved, charged } = await stores.gate.balance(team);
  return { allocated: funded, remaining: spendable, reserved, used: charged, stale: false };
}

async function fromLedger(stores: Stores, team: Team): Promise<TeamMoney> {
  const account = await stores.records.ledger.account(team.id);
  if (account === undefined) {
    throw new Error(`Reading the account of team ${team.id}: there is none, every team has one`);
  }
  const { funded, balance, used } = account;
  return { allocated: funded, remaining: balance, reserved: 0n, used, stale: true };
}

export function spokenMoney(money: TeamMoney): object {
  return {
    credits_allocated: creditsToNumber(money.allocated),
    credits_remaining: creditsToNumber(money.remaining),
    credits_reserved: creditsToNumber(money.reserved),
    credits_used: creditsToNumber(money.used),
    ...(money.stale ? { stale: true } : {}),
  };
}
