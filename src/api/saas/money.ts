import type { CreditAccount } from '../../core/credits/entry.ts';
import { GateUnavailable } from '../../core/faults.ts';
import type { GateBalance } from '../../core/gateway/gate.ts';
import { creditsToNumber } from '../../core/money.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import type { MONEY } from './answers/teams.ts';
import type { Told } from '../told.ts';

/** A team's money in microcredits: allocated = remaining + reserved + used. */
export interface TeamMoney {
  readonly allocated: bigint;
  readonly remaining: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
  /** True if the gate is away and the ledger spoke: the calls of the last moment are not in it. */
  readonly stale: boolean;
}

/** The money of one team. */
export async function moneyOf(stores: Stores, team: Team): Promise<TeamMoney> {
  // One for each that is asked about.
  return (await moneyOfAll(stores, [team])).get(team.id) as TeamMoney;
}

/** The money of a page of teams, by their ids. A team that the gate holds no record of has no call under way. */
export async function moneyOfAll(
  stores: Stores,
  teams: readonly Team[],
): Promise<ReadonlyMap<string, TeamMoney>> {
  const held = await unlessAway(async () => stores.gate.balances(teams));
  const others = teams.filter(({ id }) => held?.has(id) !== true).map(({ id }) => id);
  const accounts = await stores.records.ledger.accounts(others);
  return new Map(
    teams.map(({ id }) => {
      const balance = held?.get(id);
      const money =
        balance === undefined
          ? fromLedger(id, accounts.get(id), held === undefined)
          : fromGate(balance);
      return [id, money];
    }),
  );
}

/** Undefined while the gate can't answer. */
async function unlessAway<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GateUnavailable) {
      return undefined;
    }
    throw error;
  }
}

function fromGate({ funded, spendable, reserved, charged }: GateBalance): TeamMoney {
  return { allocated: funded, remaining: spendable, reserved, used: charged, stale: false };
}

function fromLedger(teamId: string, account: CreditAccount | undefined, stale: boolean): TeamMoney {
  if (account === undefined) {
    throw new Error(`Reading the account of team ${teamId}: there is none, every team has one`);
  }
  const { funded, balance, used } = account;
  return { allocated: funded, remaining: balance, reserved: 0n, used, stale };
}

export function spokenMoney(money: TeamMoney): Told<typeof MONEY> {
  return {
    credits_allocated: creditsToNumber(money.allocated),
    credits_remaining: creditsToNumber(money.remaining),
    credits_reserved: creditsToNumber(money.reserved),
    credits_used: creditsToNumber(money.used),
    ...(money.stale ? { stale: true } : {}),
  };
}
