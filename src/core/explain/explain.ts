// Why calls of a team are or were refused: what stands in the way now, what was refused lately, and what cures it.

import { readCeilings } from '../ceilings/read-ceilings.ts';
import type { CeilingsReading } from '../ceilings/read-ceilings.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import { GateUnavailable } from '../faults.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal, RefusalCode } from '../refusals.ts';
import type { RefusedCall } from '../refusals/refused-call.ts';
import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { DAY_MS } from '../time.ts';
import { cureFor } from './cure.ts';
import type { Cure } from './cure.ts';
import { allowedBelowZero, isHeldBack, isUsable, meterIn, obstaclesOf } from './obstacles.ts';
import type { Obstacle, Standing } from './obstacles.ts';

/** Refusals of one reason within the last 24 hours. */
export interface RefusedReason {
  readonly code: RefusalCode;
  readonly calls: number;
  /** The latest of them that was kept. */
  readonly latest: RefusedCall | undefined;
  /** Whether it would pass by now; undefined where that can't be told. */
  readonly isCured: boolean | undefined;
}

export interface Explanation {
  readonly team: Team;
  readonly spendable: bigint;
  /** What refuses calls at this moment, the first to decide first. */
  readonly obstacles: readonly Obstacle[];
  /** The most frequent first. */
  readonly reasons: readonly RefusedReason[];
  /** The one thing to do; none where nothing is wrong, or nobody here can mend it. */
  readonly cure: Cure;
  readonly nowMs: number;
}

/** Explained is the last day: what was wrong before has been cured or has come again. */
const LOOK_BACK_MS = DAY_MS;
/** Among these each reason of a day is found, as far as it was kept. */
const CALLS_READ = 200;
/** Subjects beside team and organization whose ceilings refused; more are a storm of the same. */
const SUBJECTS_READ = 5;

/** Explains a team. Throws GateUnavailable when the gate can't be asked: then every call is refused. */
export async function explainTeam(stores: Stores, teamId: string): Promise<Explanation | Refusal> {
  const team = await stores.records.teams.find(teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const nowMs = stores.clock();
  const [calls, counts] = await Promise.all([
    stores.refused.ofTeam(teamId, CALLS_READ),
    stores.refused.counts(teamId, new Date(nowMs - LOOK_BACK_MS)),
  ]);
  const standing = await standingOf(stores, team, calls);
  const obstacles = obstaclesOf(standing);
  const sums = new Map<RefusalCode, number>();
  for (const { code, calls: more } of counts) {
    sums.set(code, (sums.get(code) ?? 0) + more);
  }
  const reasons = [...sums]
    .map(([code, sum]): RefusedReason => {
      const latest = calls.find(({ refusal }) => refusal.refused === code);
      return { code, calls: sum, latest, isCured: latest && isCured(latest.refusal, standing) };
    })
    .toSorted((a, b) => b.calls - a.calls || (a.code < b.code ? -1 : 1));
  const { spendable } = standing;
  return { team, spendable, obstacles, reasons, cure: cureOf(obstacles, reasons), nowMs };
}

/** A refused call by the id in its client's error, with what cures it and whether that was done. */
export interface ExplainedCall {
  readonly call: RefusedCall;
  readonly cure: Cure;
  readonly isCured: boolean | undefined;
}

/** Explains one refusal; undefined where none of this id is kept. */
export async function explainCall(stores: Stores, id: string): Promise<ExplainedCall | undefined> {
  const call = await stores.refused.find(id);
  if (call === undefined) {
    return undefined;
  }
  const { refusal } = call;
  const team =
    refusal.seen === undefined ? undefined : await stores.records.teams.find(refusal.seen.teamId);
  const standing = team && (await standingOf(stores, team, [call]).catch(awayOnly));
  return { call, cure: cureFor(refusal), isCured: standing && isCured(refusal, standing) };
}

/** What stands in the way now comes first; else the latest refusal that nothing has cured since. */
function cureOf(obstacles: readonly Obstacle[], reasons: readonly RefusedReason[]): Cure {
  const [first] = obstacles;
  if (first !== undefined) {
    return first.cure;
  }
  const open = reasons
    .filter(({ isCured: cured, latest }) => cured === false && latest !== undefined)
    .toSorted((a, b) => (b.latest?.at.getTime() ?? 0) - (a.latest?.at.getTime() ?? 0));
  const cures = open.map(({ latest }) =>
    latest === undefined ? undefined : cureFor(latest.refusal),
  );
  return cures.find((cure) => cure !== undefined && cure.kind !== 'none') ?? { kind: 'none' };
}

async function standingOf(
  stores: Stores,
  team: Team,
  calls: readonly RefusedCall[],
): Promise<Standing> {
  const { records, gate } = stores;
  const { id: teamId, organizationId } = team;
  const [organization, keys, models, { spendable }, ceilings] = await Promise.all([
    records.organizations.find(organizationId),
    records.keys.ofTeam(teamId),
    gate.allowedModels({ teamId, organizationId }),
    gate.balance(team),
    Promise.all(subjectsOf(team, calls).map(async (subject) => readCeilings(stores, subject))),
  ]);
  if (organization === undefined) {
    throw new Error(`Explaining team ${teamId}: its organization ${organizationId} is missing`);
  }
  const known = ceilings.filter((each): each is CeilingsReading => !isRefusal(each));
  const nowMs = stores.clock();
  return { team, organization, keys, models, spendable, ceilings: known, nowMs };
}

/** The team, its organization, and whose ceilings refused lately. */
function subjectsOf(team: Team, calls: readonly RefusedCall[]): Subject[] {
  const { id: teamId, organizationId } = team;
  const named = new Map<string, Subject>();
  const add = (subject: Subject) => void named.set(subjectText(subject), subject);
  add({ kind: 'team', teamId });
  add({ kind: 'organization', organizationId });
  for (const { refusal } of calls) {
    const subject = refusal.seen?.hit?.subject;
    if (subject !== undefined && named.size < 2 + SUBJECTS_READ) {
      add(subject);
    }
  }
  return [...named.values()];
}

/** Whether a call that was refused so would pass by now; undefined where that can't be told. */
function isCured({ refused, facts, seen }: Refusal, standing: Standing): boolean | undefined {
  const { team, organization, keys, models, spendable, nowMs } = standing;
  if (seen?.hit !== undefined) {
    return hasRoom(seen.hit, standing);
  }
  switch (refused) {
    case 'credits_exhausted': {
      const needed = BigInt(seen?.neededMicrocredits ?? 1);
      return spendable + allowedBelowZero(team, nowMs) >= needed;
    }
    case 'team_suspended':
    case 'team_paused':
    case 'team_archived':
      return !isHeldBack(team, nowMs);
    case 'organization_suspended':
    case 'organization_paused':
    case 'organization_archived':
      return !isHeldBack(organization, nowMs);
    case 'model_not_allowed':
      return models.some((each) => isNamed(each, seen?.model ?? String(facts['model'])));
    case 'key_blocked':
    case 'key_expired':
    case 'key_revoked':
      return keys.some((key) => key.id === seen?.keyId && isUsable(key, nowMs));
    default:
      return undefined;
  }
}

function hasRoom(
  hit: NonNullable<NonNullable<Refusal['seen']>['hit']>,
  { ceilings }: Standing,
): boolean | undefined {
  const name = subjectText(hit.subject);
  const reading = ceilings.find(({ subject }) => subjectText(subject) === name);
  const meter = reading && meterIn(reading, hit.meter);
  if (meter === undefined) {
    // A ceiling that is no longer set refuses nothing.
    return reading !== undefined && !reading.isGateAway ? true : undefined;
  }
  return meter.used + meter.held + hit.wanted <= meter.max;
}

function isNamed(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

function awayOnly(error: unknown): undefined {
  if (!(error instanceof GateUnavailable)) {
    throw error;
  }
  return undefined;
}
