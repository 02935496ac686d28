import { refillBlock } from '../credits/refill.ts';
import type { Stores } from '../stores.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

const PAGE = 500;

/** Teams that should have been refilled and were not: the most for the month is reached. */
export async function watchFailedRefills(stores: Stores): Promise<number> {
  const findings: Finding[] = [];
  let after = '';
  for (;;) {
    const teamIds = await stores.records.grants.refillable(after, PAGE);
    for (const teamId of teamIds) {
      const block = await refillBlock(stores, teamId);
      if (block !== undefined) {
        const facts = {
          balanceMicrocredits: String(block.balance),
          belowMicrocredits: String(block.below),
          amountMicrocredits: String(block.amount),
          monthlyMaxMicrocredits: String(block.monthlyMax),
        };
        findings.push({ teamId, subject: '', stage: 0, severity: 'critical', facts });
      }
    }
    const last = teamIds.at(-1);
    if (teamIds.length < PAGE || last === undefined) {
      return settleFindings(stores, 'refill_failed', findings);
    }
    after = last;
  }
}
