// The end of grants. Calls that began before it may still take from one: what undrained usage and open
// reservations will take, in the order of the grants, stays until they have. The rest goes at once.

import type { Actor } from '../audit/audit.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import type { CreditAccount } from './entry.ts';
import type { CreditGrant } from './grant.ts';
import { AnotherAttempt, take } from './taking.ts';

const EXPIRY: Actor = { id: 'system:expiry', door: 'system' };
/** One page; the next run takes the next. */
const PAGE = 200;
/** People need a few days to plan; more is forgotten again. */
const WARNING_MS = 3 * DAY_MS;

/** Expires all grants whose end has come; answers how many microcredits went. */
export async function expireGrants(stores: Stores): Promise<bigint> {
  const ended = await stores.records.grants.ended(new Date(stores.clock()), PAGE);
  let expired = 0n;
  for (const { grantId } of ended) {
    try {
      expired += await expireGrant(stores, grantId);
    } catch (error) {
      // Whoever died while taking from one of them holds up none of the others; the next run comes to it again.
      if (!(error instanceof AnotherAttempt)) {
        throw error;
      }
    }
  }
  return expired;
}

/**
 * Expires what remains of a grant and nobody will take. Any number of workers may try at once. Answers how
 * many microcredits went; what is claimed by calls under way stays for the next run.
 */
export async function expireGrant(stores: Stores, grantId: string): Promise<bigint> {
  const { records } = stores;
  const grant = await records.grants.find(grantId);
  const team = grant && (await records.teams.find(grant.teamId));
  const account = grant && (await records.ledger.account(grant.teamId));
  if (grant === undefined || team === undefined || account === undefined) {
    return 0n;
  }
  // After the account: whatever is funded from here on raises its sequence, and ends this try.
  const grants = await records.grants.ofTeam(team.id);
  const place = grants.findIndex((each) => each.id === grantId);
  const remaining = grants[place]?.remaining ?? 0n;
  if (!isOver(grant, stores.clock()) || remaining === 0n) {
    return 0n;
  }
  // As long as so much stays spendable as the grants behind this one hold, nobody's claim reaches into it.
  const floor = grants.slice(place + 1).reduce((sum, each) => sum + each.remaining, 0n);
  const reference = `expiry:${grantId}:${account.fundingSequence}`;
  const wish = { team, amount: remaining, reference, floor, orLess: true };
  const expired = await take(stores, wish, async (amount) =>
    postExpiry(stores, { grant, account, amount, reference }),
  );
  return isRefusal(expired) ? 0n : expired;
}

function isOver({ expiresAt }: CreditGrant, nowMs: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= nowMs;
}

interface Expiry {
  readonly grant: CreditGrant;
  /** As it was when the amount was found. */
  readonly account: CreditAccount;
  readonly amount: bigint;
  readonly reference: string;
}

/** The ledger's part of an expiry, once the amount is withheld in the gate. */
async function postExpiry(
  { records }: Stores,
  { grant, account, amount, reference }: Expiry,
): Promise<bigint | Refusal> {
  const { teamId } = grant;
  return records.change<bigint>(async (inside) => {
    const now = await inside.ledger.lockedAccount(teamId);
    const left = (await inside.grants.find(grant.id))?.remaining ?? 0n;
    if (now?.fundingSequence !== account.fundingSequence || left < amount) {
      // Somebody funded, took or expired meanwhile: the next run looks again.
      return refuse('reference_conflict', { reference });
    }
    const posting = {
      teamId,
      kind: 'expiry',
      amount: -amount,
      reference,
      grantId: grant.id,
    } as const;
    await inside.ledger.post({ ...posting, actor: EXPIRY.id, reason: 'Expired' });
    await inside.audit.write({
      actor: EXPIRY,
      action: 'credits.expired',
      target: `team:${teamId}`,
      after: { amountMicrocredits: amount.toString(), grant: grant.id },
    });
    await inside.outbox.add({ kind: 'credits.posted', teamId });
    return amount;
  });
}

/** Tells listeners of grants that will end soon, each once. Answers how many. */
export async function warnOfEndingGrants(stores: Stores): Promise<number> {
  const now = stores.clock();
  const warned = await stores.records.change<number>(async (records) => {
    const before = new Date(now + WARNING_MS);
    const ending = await records.grants.warnOfEnd(new Date(now), before, PAGE);
    for (const { grantId, teamId } of ending) {
      await records.outbox.add({ kind: 'grant.expiring', teamId, grantId });
    }
    return ending.length;
  });
  return isRefusal(warned) ? 0 : warned;
}
