import type { Records } from '../stores.ts';
import { CHAIN_START, complaintAboutHead, follow, isBreak } from './chain.ts';
import type { ChainBreak, ChainHead } from './chain.ts';

/** As many rows as are held in memory at once. */
const PAGE = 2_000;

export type Verified = { readonly end: ChainHead } | { readonly broken: ChainBreak };

/** Goes over the whole audit trail: where it ends, or the first row at which it does not hold. Changes nothing. */
export async function verifyAudit({ audit }: Pick<Records, 'audit'>): Promise<Verified> {
  // Read first: what is written meanwhile lies behind it.
  const head = await audit.head();
  let end = CHAIN_START;
  for (;;) {
    const rows = await audit.chained(end.position, head.position, PAGE);
    const next = follow(end, rows);
    if (isBreak(next)) {
      return { broken: next };
    }
    end = next;
    if (rows.length < PAGE) {
      break;
    }
  }
  const broken = complaintAboutHead(end, head) ?? (await outside(audit));
  return broken === undefined ? { end } : { broken };
}

/** A row without a place was written past the database's own rule. */
async function outside(audit: Records['audit']): Promise<ChainBreak | undefined> {
  const id = await audit.unchained();
  return id === undefined
    ? undefined
    : { position: 0n, id, complaint: 'the row has no place in the chain' };
}
