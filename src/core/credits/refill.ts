// Refills without anybody asking. Each has a reference that is made of what is due, so that any number of
// workers, however late, post it once. Only the present period is paid: what a long stop missed would come
// all at once, and nobody plans with that. No refill passes the ceiling of the month.

import type { Actor } from '../audit/audit.ts';
import { periodAt } from '../budgets/period.ts';
import type { BudgetDuration } from '../budgets/duration.ts';
import { tellGateOfCredits } from '../change.ts';
import { divideRoundingUp } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { dateIn } from '../time-zone.ts';
import type { AutoRefill, RefillPeriod } from './auto-refill.ts';
import { CREDITS_EXHAUSTED, fundInside } from './fund.ts';

const REFILL: Actor = { id: 'system:refill', door: 'system' };
const PAGE = 500;
/** Beyond it, a refill that changes nothing would go on for ever: the next run goes on. */
const PAGES_MAX = 20;

const DURATIONS: Readonly<Record<RefillPeriod, BudgetDuration>> = {
  daily: { unit: 'day', count: 1 },
  weekly: { unit: 'day', count: 7 },
  monthly: { unit: 'month', count: 1 },
};

/** Refills every team that is due; answers how many refills were posted. */
export async function refillTeams(stores: Stores): Promise<number> {
  let posted = 0;
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const teamIds = await stores.records.grants.refillable(after, PAGE);
    for (const teamId of teamIds) {
      posted += await refillTeam(stores, teamId);
    }
    if (teamIds.length < PAGE) {
      return posted;
    }
    after = teamIds.at(-1) ?? after;
  }
  return posted;
}

/** Posts what is due for one team: by the calendar, by the threshold, or both. */
export async function refillTeam(stores: Stores, teamId: string): Promise<number> {
  const { records } = stores;
  const team = await records.teams.find(teamId);
  const refill = team?.autoRefill ?? null;
  if (team === undefined || refill === null || !isServed(team)) {
    return 0;
  }
  const organization = await records.organizations.find(team.organizationId);
  const timeZone = organization?.timeZone ?? 'UTC';
  const byCalendar = await refillByCalendar(stores, team, refill, timeZone);
  const byThreshold = await refillBelow(stores, team, refill, timeZone);
  return byCalendar + byThreshold;
}

/** Who is stopped by a person is not paid for. */
function isServed({ status, statusReason }: Team): boolean {
  return status === 'active' || (status === 'suspended' && statusReason === CREDITS_EXHAUSTED);
}

async function refillByCalendar(
  stores: Stores,
  team: Team,
  refill: AutoRefill,
  timeZone: string,
): Promise<number> {
  if (refill.every === null) {
    return 0;
  }
  const nowMs = stores.clock();
  const { startsAtMs } = periodAt(DURATIONS[refill.every], 0, timeZone, nowMs);
  const reference = `auto-refill:${dateIn(timeZone, startsAtMs)}`;
  if (
    startsAtMs < refill.since.getTime() ||
    (await stores.records.ledger.find(team.id, reference)) !== undefined
  ) {
    return 0;
  }
  const reason = `Refill, ${refill.every}`;
  return post(stores, team, { timeZone, reference, reason, wanted: () => refill.amount });
}

async function refillBelow(
  stores: Stores,
  team: Team,
  refill: AutoRefill,
  timeZone: string,
): Promise<number> {
  const { below, amount } = refill;
  // Before the gate is asked: what is funded from here on raises the sequence, and ends this try.
  const account = await stores.records.ledger.account(team.id);
  if (below === null || account === undefined) {
    return 0;
  }
  const { spendable, reserved } = await stores.gate.balance(team);
  const gap = below - (spendable + reserved);
  if (gap <= 0n) {
    return 0;
  }
  const reference = `auto-refill:below:${account.fundingSequence}`;
  const wanted = (sequence: bigint): bigint =>
    sequence === account.fundingSequence ? divideRoundingUp(gap, amount) * amount : 0n;
  return post(stores, team, { timeZone, reference, reason: 'Refill, balance is low', wanted });
}

interface Due {
  readonly timeZone: string;
  readonly reference: string;
  readonly reason: string;
  /** Microcredits, by the account's funding sequence under its lock; 0 where it is due no more. */
  readonly wanted: (fundingSequence: bigint) => bigint;
}

async function post(stores: Stores, team: Team, due: Due): Promise<number> {
  const nowMs = stores.clock();
  const { reference, reason } = due;
  const posted = await stores.records.change<true>(async (records) => {
    const account = await records.ledger.lockedAccount(team.id);
    const fresh = await records.teams.find(team.id);
    const refill = fresh?.autoRefill ?? null;
    const wanted = account === undefined ? 0n : due.wanted(account.fundingSequence);
    const room = refill === null ? 0n : await roomOf(records, team, refill, due.timeZone, nowMs);
    // Whole refills only: a part of one is no amount that anybody chose.
    const most = refill === null ? 0n : (room / refill.amount) * refill.amount;
    const amount = wanted < most ? wanted : most;
    if (amount === 0n) {
      return refuse('reference_conflict', { reference });
    }
    const wish = { teamId: team.id, amount, reason, reference };
    const options = { kind: 'auto_refill', isStrict: false, nowMs } as const;
    const funded = await fundInside(records, REFILL, wish, options);
    if (isRefusal(funded)) {
      return funded;
    }
    return funded.repeated ? refuse('reference_conflict', { reference }) : true;
  });
  if (isRefusal(posted)) {
    return 0;
  }
  await tellGateOfCredits(stores, team.id);
  return 1;
}

/** Why a refill that the balance asks for is not posted. */
export interface RefillBlock {
  readonly balance: bigint;
  readonly below: bigint;
  readonly amount: bigint;
  readonly monthlyMax: bigint;
}

/** What stands in the way of a team's refill by its threshold: the most for the month. Undefined if nothing does. */
export async function refillBlock(
  { records, clock }: Stores,
  teamId: string,
): Promise<RefillBlock | undefined> {
  const team = await records.teams.find(teamId);
  const refill = team?.autoRefill ?? null;
  const balance = (await records.ledger.account(teamId))?.balance ?? 0n;
  if (team === undefined || refill === null || !isServed(team)) {
    return undefined;
  }
  const { below, amount, monthlyMax } = refill;
  if (below === null || monthlyMax === null || balance >= below) {
    return undefined;
  }
  const organization = await records.organizations.find(team.organizationId);
  const room = await roomOf(records, team, refill, organization?.timeZone ?? 'UTC', clock());
  return room >= amount ? undefined : { balance, below, amount, monthlyMax };
}

/** What refills may still add in the calendar month. */
async function roomOf(
  records: Records,
  team: Team,
  { monthlyMax }: AutoRefill,
  timeZone: string,
  nowMs: number,
): Promise<bigint> {
  if (monthlyMax === null) {
    return BigInt(Number.MAX_SAFE_INTEGER);
  }
  const { startsAtMs } = periodAt(DURATIONS.monthly, 0, timeZone, nowMs);
  const added = await records.ledger.sumSince(team.id, 'auto_refill', new Date(startsAtMs));
  return added < monthlyMax ? monthlyMax - added : 0n;
}
