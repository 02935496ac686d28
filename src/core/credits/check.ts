import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { overdraftAt } from './overdraft.ts';

export interface CreditCheck {
  readonly available: boolean;
  /** In microcredits, without the overdraft. */
  readonly spendable: bigint;
  readonly reserved: bigint;
  /** How far below 0 a charge may go now. */
  readonly overdraft: bigint;
}

/** Whether a charge of so many microcredits would pass now. Holds nothing: a call may come in between. */
export async function checkCredits(
  stores: Stores,
  team: Team,
  amount: bigint,
): Promise<CreditCheck> {
  const { spendable, reserved } = await stores.gate.balance(team);
  const overdraft = overdraftAt(team, stores.clock());
  return { available: spendable + overdraft >= amount, spendable, reserved, overdraft };
}
