import { creditsToText, MAX_CREDITS, MAX_MICROCREDITS } from '../money.ts';

/** What stands in the ledger beside a team's first credits. */
export const FUNDING_REASON_OF_NEW_TEAM = 'Initial allocation';

/** What is wrong with funding an account that holds `balance`, or undefined if nothing is. */
export function complaintAboutFunding(amount: bigint, balance: bigint): string | undefined {
  if (amount <= 0n) {
    return 'it must be more than 0';
  }
  if (amount > MAX_MICROCREDITS || amount + balance > MAX_MICROCREDITS) {
    return `a balance holds at most ${MAX_CREDITS.toLocaleString('en')} credits, this would make ${creditsToText(amount + balance)}`;
  }
  return undefined;
}
