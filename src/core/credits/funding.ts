import type { CreditAccount } from './entry.ts';
import { creditsToText, MAX_CREDITS, MAX_MICROCREDITS } from '../money.ts';

/** What stands in the ledger beside a team's first credits. */
export const FUNDING_REASON_OF_NEW_TEAM = 'Initial allocation';

/** The gate counts all funding of a team in a double, which is exact below 2^53 microcredits. */
const MAX_FUNDED_MICROCREDITS = 8_000_000_000_000_000n;

/** What is wrong with funding an account, or undefined if nothing is. */
export function complaintAboutFunding(
  amount: bigint,
  { balance, funded }: Pick<CreditAccount, 'balance' | 'funded'>,
): string | undefined {
  if (amount <= 0n) {
    return 'it must be more than 0';
  }
  if (amount + funded > MAX_FUNDED_MICROCREDITS) {
    return `a team is funded with at most ${creditsToText(MAX_FUNDED_MICROCREDITS)} credits in its life, make a new team`;
  }
  if (amount > MAX_MICROCREDITS || amount + balance > MAX_MICROCREDITS) {
    return `a balance holds at most ${MAX_CREDITS.toLocaleString('en')} credits, this would make ${creditsToText(amount + balance)}`;
  }
  return undefined;
}
