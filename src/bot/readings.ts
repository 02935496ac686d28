// What messages show of teams, read from core's stores.

import type { AuditEntry } from '../core/audit/audit-records.ts';
import { readCeilings } from '../core/ceilings/read-ceilings.ts';
import type { CeilingsReading } from '../core/ceilings/read-ceilings.ts';
import type { CreditEntry } from '../core/credits/entry.ts';
import type { Cure } from '../core/explain/cure.ts';
import { explainTeam } from '../core/explain/explain.ts';
import { GateUnavailable } from '../core/faults.ts';
import type { VirtualKey } from '../core/keys/virtual-key.ts';
import type { AccessGroup } from '../core/models/access-group.ts';
import type { Member } from '../core/members/member.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal, RefusalCode } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import type { Team } from '../core/teams/team.ts';
import { DAY_MS } from '../core/time.ts';
import { BURN_WINDOW_MS, forecast } from '../core/usage/burn.ts';
import type { Forecast } from '../core/usage/burn.ts';
import { exhaustionOf, readPaces } from '../core/usage/exhaustion.ts';
import type { Exhaustion } from '../core/usage/exhaustion.ts';

/** A team's money in microcredits. */
export interface Money {
  readonly spendable: bigint;
  /** Undefined while the gate can't be asked. */
  readonly reserved: bigint | undefined;
  readonly used: bigint;
  readonly funded: bigint;
  /** The balance right after the latest funding. */
  readonly allotment: bigint;
  readonly fundingSequence: bigint;
}

export interface TeamReading {
  readonly team: Team;
  readonly money: Money;
  readonly forecast: Forecast;
  /** Undefined where too little was seen to tell. */
  readonly exhaustion: Exhaustion | undefined;
  readonly groups: readonly AccessGroup[];
  readonly keys: readonly VirtualKey[];
  readonly entries: readonly CreditEntry[];
  readonly members: readonly Member[];
  /** Who did what last. */
  readonly deeds: readonly AuditEntry[];
  /** What bounds the team itself. */
  readonly ceilings: CeilingsReading;
  /** How often it was refused within the last 24 hours, the most frequent reason first. */
  readonly refusals: readonly RefusedSum[];
  /** What lets calls pass again; none where they pass, and while the gate can't be asked. */
  readonly cure: Cure;
  readonly nowMs: number;
}

/** Refusals of one reason. */
export interface RefusedSum {
  readonly code: RefusalCode;
  readonly calls: number;
}

const ENTRIES_SHOWN = 5;
const DEEDS_SHOWN = 5;

/** Everything about one team. */
export async function readTeam(stores: Stores, teamId: string): Promise<TeamReading | Refusal> {
  const { records } = stores;
  const team = await records.teams.find(teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const [money, groups, keys, entries, members, deeds, ceilings, refusals] = await Promise.all([
    moneyOf(stores, team),
    groupsOf(stores, team.accessGroups),
    records.keys.ofTeam(team.id),
    records.ledger.history(team.id, ENTRIES_SHOWN),
    records.members.ofTeam(team.id),
    records.audit.search({ teamId, limit: DEEDS_SHOWN }),
    readCeilings(stores, { kind: 'team', teamId }),
    refusedOf(stores, team.id, DAY_MS),
  ]);
  if (isRefusal(ceilings)) {
    return ceilings;
  }
  const [burn, exhaustion, explained] = await Promise.all([
    forecastOf(stores, team, money),
    exhaustionFor(stores, team, money),
    explainTeam(stores, team.id).catch(awayOnly),
  ]);
  const cure: Cure =
    explained === undefined || isRefusal(explained) ? { kind: 'none' } : explained.cure;
  const known = { team, money, forecast: burn, exhaustion, groups, keys, entries, members, deeds };
  return { ...known, ceilings, refusals, cure, nowMs: stores.clock() };
}

/** How often a team was refused in the time before now; nothing while that can't be asked. */
export async function refusedOf(
  { refused, clock }: Stores,
  teamId: string,
  spanMs: number,
): Promise<RefusedSum[]> {
  const counts = (await refused.counts(teamId, new Date(clock() - spanMs)).catch(awayOnly)) ?? [];
  const codes = [...new Set(counts.map(({ code }) => code))];
  return codes
    .map((code) => {
      const ofCode = counts.filter((each) => each.code === code);
      return { code, calls: ofCode.reduce((sum, { calls }) => sum + calls, 0) };
    })
    .toSorted((a, b) => b.calls - a.calls);
}

/** What a team's money stands at: by the gate, or by the ledger while the gate is away. */
export async function moneyOf(
  stores: Stores,
  team: Pick<Team, 'id' | 'organizationId'>,
): Promise<Money> {
  const [account, gate] = await Promise.all([
    stores.records.ledger.account(team.id),
    stores.gate.balance(team).catch(awayOnly),
  ]);
  return {
    spendable: gate?.spendable ?? account?.balance ?? 0n,
    reserved: gate?.reserved,
    used: gate?.charged ?? account?.used ?? 0n,
    funded: gate?.funded ?? account?.funded ?? 0n,
    allotment: account?.allotment ?? 0n,
    fundingSequence: account?.fundingSequence ?? 0n,
  };
}

/** How fast a team uses its credits, and when they run out. */
export async function forecastOf(
  stores: Stores,
  team: Pick<Team, 'id'>,
  money: Pick<Money, 'spendable'>,
): Promise<Forecast> {
  const nowMs = stores.clock();
  const seen = await stores.records.usage.chargedSince(team.id, new Date(nowMs - BURN_WINDOW_MS));
  return forecast(money.spendable, seen, nowMs);
}

/** Between which moments a team's credits run out, by all of its paces. */
export async function exhaustionFor(
  { records, clock }: Stores,
  { id }: Pick<Team, 'id'>,
  { spendable, reserved }: Pick<Money, 'spendable' | 'reserved'>,
): Promise<Exhaustion | undefined> {
  const nowMs = clock();
  const paces = await readPaces(records.usage, id, nowMs);
  // What is reserved comes back in part.
  return exhaustionOf(spendable + (reserved ?? 0n), paces, nowMs);
}

/** The groups of these names that exist, with their models. */
export async function groupsOf(stores: Stores, names: readonly string[]): Promise<AccessGroup[]> {
  return (await stores.records.accessGroups.list()).filter((group) => names.includes(group.name));
}

function awayOnly(error: unknown): undefined {
  if (!(error instanceof GateUnavailable)) {
    throw error;
  }
  return undefined;
}
