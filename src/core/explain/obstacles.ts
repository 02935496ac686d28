import type { CeilingsReading } from '../ceilings/read-ceilings.ts';
import { meterOfBudget, meterOfLimit } from '../ceilings/ceilings.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { MeterReading } from '../gateway/gate.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';
import type { Organization } from '../organizations/organization.ts';
import { overdraftOf } from '../teams/team.ts';
import type { Team } from '../teams/team.ts';
import type { Cure } from './cure.ts';

/** What keeps calls of a team from passing at this moment. */
export type Obstacle = { readonly cure: Cure } & (
  | { readonly kind: 'organization_status'; readonly organization: Organization }
  | { readonly kind: 'team_status'; readonly team: Team }
  | { readonly kind: 'no_key' }
  | { readonly kind: 'dead_keys'; readonly key: VirtualKey }
  | { readonly kind: 'no_model' }
  | { readonly kind: 'no_credits'; readonly spendable: bigint }
  | { readonly kind: 'ceiling_full'; readonly subject: Subject; readonly meter: MeterReading }
);

/** What is known of a team when it is asked why its calls are refused. */
export interface Standing {
  readonly team: Team;
  readonly organization: Organization;
  readonly keys: readonly VirtualKey[];
  /** Aliases and beginnings with `*` that it may use. */
  readonly models: readonly string[];
  /** Microcredits that a new call may reserve, without an overdraft. */
  readonly spendable: bigint;
  readonly ceilings: readonly CeilingsReading[];
  readonly nowMs: number;
}

/** What refuses every call, in the order in which the gate looks; then ceilings with nothing left. */
export function obstaclesOf(standing: Standing): Obstacle[] {
  const { team, organization, keys, models, spendable, nowMs } = standing;
  const teamId = team.id;
  const obstacles: Obstacle[] = [];
  if (isHeldBack(organization, nowMs)) {
    const cure = { kind: 'resume_organization', organizationId: organization.id } as const;
    obstacles.push({ kind: 'organization_status', organization, cure });
  }
  if (isHeldBack(team, nowMs)) {
    obstacles.push({ kind: 'team_status', team, cure: { kind: 'resume_team', teamId } });
  }
  const dead = obstacleOfKeys(keys, teamId, nowMs);
  if (dead !== undefined) {
    obstacles.push(dead);
  }
  if (models.length === 0) {
    obstacles.push({ kind: 'no_model', cure: { kind: 'choose_models', teamId } });
  }
  if (spendable + allowedBelowZero(team, nowMs) <= 0n) {
    obstacles.push({ kind: 'no_credits', spendable, cure: { kind: 'top_up', teamId } });
  }
  return [...obstacles, ...standing.ceilings.flatMap((reading) => fullCeilings(reading, teamId))];
}

/** How far below 0 the balance may fall right now, in microcredits. */
export function allowedBelowZero(team: Team, nowMs: number): bigint {
  const { microcredits, untilMs } = overdraftOf(team);
  return untilMs === 0 || untilMs > nowMs ? microcredits : 0n;
}

/** Whether a status refuses calls: one that has ended does not, whoever has written that down. */
export function isHeldBack(
  { status, statusUntil }: Pick<Team, 'status' | 'statusUntil'>,
  nowMs: number,
): boolean {
  return status !== 'active' && (statusUntil === null || statusUntil.getTime() > nowMs);
}

/** Whether a key may call anything. */
export function isUsable({ status, expiresAt }: VirtualKey, nowMs: number): boolean {
  return status === 'active' && (expiresAt === null || expiresAt.getTime() > nowMs);
}

function obstacleOfKeys(
  keys: readonly VirtualKey[],
  teamId: string,
  nowMs: number,
): Obstacle | undefined {
  const newest = keys.at(-1);
  if (newest === undefined) {
    return { kind: 'no_key', cure: { kind: 'new_key', teamId } };
  }
  if (keys.some((key) => isUsable(key, nowMs))) {
    return undefined;
  }
  const blocked = keys.find((key) => key.status === 'blocked');
  if (blocked !== undefined) {
    const cure = { kind: 'unblock_key', teamId, keyId: blocked.id } as const;
    return { kind: 'dead_keys', key: blocked, cure };
  }
  const expired = keys.findLast((key) => key.status === 'active');
  return expired === undefined
    ? { kind: 'dead_keys', key: newest, cure: { kind: 'new_key', teamId } }
    : {
        kind: 'dead_keys',
        key: expired,
        cure: { kind: 'rotate_key', teamId, keyId: expired.id },
      };
}

function fullCeilings({ subject, limits, budgets }: CeilingsReading, teamId: string): Obstacle[] {
  const enforced = [
    ...limits.filter(({ limit }) => !limit.shadow && limit.model === null),
    ...budgets.filter(({ budget }) => !budget.shadow && budget.model === null),
  ];
  return enforced
    .map(({ now }) => now)
    .filter((meter) => meter !== undefined && meter.used + meter.held >= meter.max)
    .map((meter) => {
      // Filtered above: what is unknown is not full.
      const full = meter as MeterReading;
      const cure = { kind: 'boost', subject, meter: full.meter, teamId } as const;
      return { kind: 'ceiling_full', subject, meter: full, cure };
    });
}

/** What a subject's meter holds right now, by its name. */
export function meterIn(reading: CeilingsReading, name: string): MeterReading | undefined {
  return [
    ...reading.limits.filter(({ limit }) => meterOfLimit(limit) === name),
    ...reading.budgets.filter(({ budget }) => meterOfBudget(budget) === name),
  ][0]?.now;
}
