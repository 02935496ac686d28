// What the gate's record of each subject says, in the words of its scripts.

import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import { addressRange } from '../../core/keys/address.ts';
import { modelsOfKey } from '../../core/keys/key-models.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Member, User } from '../../core/members/member.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { effectiveRate } from '../../core/pricing/charge.ts';
import { overdraftOf, termsOf } from '../../core/teams/team.ts';
import { rulesText } from './rules-text.ts';
import type { SubjectRules } from './rules-text.ts';
import type { ShardKeys } from './shards.ts';
import type { BoundEndUser, Snapshot, TeamSnapshot } from './source.ts';

export interface RecordText {
  readonly record: string;
  readonly rules: SubjectRules;
  readonly fields: readonly string[];
  /** Undefined where the gate keeps it for good. */
  readonly lifeS?: number;
}

/** Whether nothing of the shard can be drained meanwhile. */
export type Manner = 'locked' | 'unlocked';

/** What both record scripts begin with: see project-record.lua. */
export function headOf(
  snapshot: Snapshot<{ readonly version: bigint }>,
  rules: SubjectRules,
  subject: string,
  manner: Manner,
  nowMs: number,
): string[] {
  const { row, spends, drainedPosition } = snapshot;
  return [
    manner,
    subject,
    String(row.version),
    drainedPosition,
    rulesText(rules, nowMs),
    String(spends.length),
    ...spends.map(
      ({ meter, startsAtMs, spentNanoUsd }) => `${meter} ${startsAtMs} ${spentNanoUsd}`,
    ),
  ];
}

/** A team: its terms, what it may use, how far it may fall; its money comes beside it. */
export function teamText({ row: team, timeZone }: TeamSnapshot, shard: ShardKeys): RecordText {
  const rate = effectiveRate(termsOf(team));
  const overdraft = overdraftOf(team);
  return {
    record: shard.team(team.id),
    rules: {
      subject: subjectText({ kind: 'team', teamId: team.id }),
      ceilings: team.ceilings,
      timeZone,
      ...(team.models.length === 0 ? {} : { models: team.models }),
      aliases: team.modelAliases,
    },
    fields: fieldsText({
      status: team.status,
      until: untilText(team.statusUntil),
      groups: team.accessGroups.join('\n'),
      basis: rate.basis,
      multiplier: rate.multiplier,
      divisor: rate.divisor,
      overdraft: overdraft.microcredits,
      overdraft_until: overdraft.untilMs,
    }),
  };
}

/** A key: its secrets, what it is confined to, its ceilings. */
export function keyText(
  { row: key, timeZone }: Snapshot<VirtualKey>,
  shard: ShardKeys,
): RecordText {
  const models = modelsOfKey(key.models);
  return {
    record: shard.key(key.id),
    rules: {
      subject: subjectText({ kind: 'key', keyId: key.id }),
      ceilings: key.ceilings,
      timeZone,
      ...(models === undefined ? {} : { models, groups: models }),
      aliases: key.modelAliases,
      endpoints: key.endpoints,
      addresses: key.addresses.flatMap(rangeText),
    },
    fields: fieldsText({
      hash: key.hash,
      previous: key.previousHash ?? '',
      previous_until: untilText(key.previousUntil),
      status: key.status,
      expires: untilText(key.expiresAt),
    }),
  };
}

function rangeText(address: string): string[] {
  const range = addressRange(address);
  return range === undefined ? [] : [`${range.first}-${range.last}`];
}

export function organizationText(snapshot: Snapshot<Organization>, shard: ShardKeys): RecordText {
  const { id: organizationId, status, statusUntil } = snapshot.row;
  const fields = fieldsText({
    status,
    until: untilText(statusUntil),
    bounds_end_users: snapshot.row.boundsEndUsers ? 1 : 0,
  });
  return boundText({ kind: 'organization', organizationId }, snapshot, shard, fields);
}

export function memberText(snapshot: Snapshot<Member>, shard: ShardKeys): RecordText {
  const { teamId, userId } = snapshot.row;
  return boundText({ kind: 'member', teamId, userId }, snapshot, shard, []);
}

export function userText(snapshot: Snapshot<User>, shard: ShardKeys): RecordText {
  const { organizationId, id: userId } = snapshot.row;
  return boundText({ kind: 'user', organizationId, userId }, snapshot, shard, []);
}

/** How long the gate remembers that an end user is bounded by nothing: programs name as many as they like. */
const UNBOUND_LIFE_S = 3_600;

export function endUserText(snapshot: Snapshot<BoundEndUser>, shard: ShardKeys): RecordText {
  const { organizationId, id: endUserId, status, ceilings } = snapshot.row;
  const fields = fieldsText({ status });
  const text = boundText({ kind: 'end_user', organizationId, endUserId }, snapshot, shard, fields);
  const isBound = status === 'blocked' || ceilings.limits.length + ceilings.budgets.length > 0;
  return isBound ? text : { ...text, lifeS: UNBOUND_LIFE_S };
}

/** A subject that has ceilings and no other rules. */
function boundText(
  subject: Subject,
  { row, timeZone }: Snapshot<{ readonly ceilings: Ceilings }>,
  shard: ShardKeys,
  fields: readonly string[],
): RecordText {
  const rules = { subject: subjectText(subject), ceilings: row.ceilings, timeZone };
  return { record: shard.subject(subject), rules, fields };
}

/** Names and values, one after the other. */
function fieldsText(fields: Readonly<Record<string, string | number | bigint>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
}

/** Milliseconds since 1970; 0 for never. */
function untilText(at: Date | null): string {
  return String(at?.getTime() ?? 0);
}
