import { subjectText } from '../../core/ceilings/subject.ts';
import { GateUnavailable } from '../../core/faults.ts';
import type { ProjectionSubject } from '../../core/gateway/gate.ts';
import { addressRange } from '../../core/keys/address.ts';
import { modelsOfKey } from '../../core/keys/key-models.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { effectiveRate } from '../../core/pricing/charge.ts';
import { overdraftOf, termsOf } from '../../core/teams/team.ts';
import type { Clock } from '../../core/time.ts';
import type { GateConnection } from './connection.ts';
import { identityKey, shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ScriptName } from './scripts.ts';
import { rulesText } from './rules-text.ts';
import type { SubjectRules } from './rules-text.ts';
import type { ProjectionSource, Snapshot, SnapshotSource, TeamSnapshot } from './source.ts';

export interface Projections {
  project(subject: ProjectionSubject): Promise<void>;
  projectCatalogTo(shard: number): Promise<void>;
  /** Begins a new epoch in a shard unless it is of this run already. */
  renew(shard: number): Promise<void>;
  rememberIdentity(key: VirtualKey): Promise<void>;
}

/** Writes what the records say into the gate; nothing else may. */
export function createProjections(
  connection: GateConnection,
  parts: Pick<Reach, 'source' | 'namespace' | 'shards' | 'clock' | 'onForgotten'>,
): Projections {
  const reach: Reach = { connection, ...parts, begun: new Set<string>(), blank: new Map() };
  const { shards } = parts;
  return {
    renew: async (shard) => renew(reach, shards[shard] as ShardKeys),
    rememberIdentity: async (key) => rememberIdentity(reach, key),
    projectCatalogTo: async (shard) => projectCatalog(reach, shards[shard] as ShardKeys),
    async project(subject) {
      if ('memberId' in subject) {
        await projectMember(reach, subject.teamId, subject.memberId);
      } else if ('userId' in subject) {
        await projectUser(reach, subject.organizationId, subject.userId);
      } else if ('teamId' in subject) {
        await projectTeam(reach, subject.teamId);
      } else if ('keyId' in subject) {
        await projectKey(reach, subject.keyId);
      } else if ('organizationId' in subject) {
        await projectOrganization(reach, subject.organizationId);
      } else {
        await Promise.all(shards.map(async (shard) => projectCatalog(reach, shard)));
      }
    },
  };
}

interface Reach {
  /** Runs and shards that were seen to have begun: one that begins again was emptied meanwhile. */
  readonly begun: Set<string>;
  /** Whether there was anything to forget when a run was first seen. */
  readonly blank: Map<string, { readonly isBlank: Promise<boolean>; readonly atMs: number }>;
  readonly onForgotten: () => void;
  /** When the boundaries of budgets are looked up. */
  readonly clock: Clock;
  readonly connection: GateConnection;
  readonly source: ProjectionSource;
  readonly namespace: string;
  readonly shards: readonly ShardKeys[];
}

function shardIn({ shards }: Reach, organizationId: string): ShardKeys {
  // Shard numbers come from shardOf, which draws below SHARD_COUNT.
  return shards[shardOf(organizationId)] as ShardKeys;
}

/**
 * Every proxy reconnects and hands in well within this. Only after it may credits be reserved again that
 * a forgetful Redis believes to be there.
 */
const GRACE_MS = 1_500;

/** What was made this short a time after a run began can't have been forgotten by it. */
const BLANK_KNOWN_MS = 2_000;

/** Whether there was anything to forget. Asked once for all shards, which begin together. */
async function wasBlank(reach: Reach, run: string): Promise<boolean> {
  const { source, blank, clock } = reach;
  const known = blank.get(run);
  if (known !== undefined && clock() - known.atMs < BLANK_KNOWN_MS) {
    return known.isBlank;
  }
  const isBlank = source.isBlank();
  blank.set(run, { isBlank, atMs: clock() });
  isBlank.catch(() => blank.delete(run));
  return isBlank;
}

async function renew(reach: Reach, shard: ShardKeys): Promise<void> {
  const { connection, source, begun } = reach;
  const run = runOf(connection);
  const [position, isBlank] = await Promise.all([
    source.drainedPosition(shard.shard),
    wasBlank(reach, run),
  ]);
  const graceMs = isBlank ? 0 : GRACE_MS;
  const values = [run, position, graceMs];
  const answer = await connection.script('renew', [shard.epoch, shard.usage], values);
  const place = `${run} ${shard.shard}`;
  if (answer === 'began' && begun.has(place)) {
    reach.onForgotten();
  }
  begun.add(place);
}

/** Runs a projecting script; begins the new epoch first if nobody did yet. */
async function write(
  reach: Reach,
  script: ScriptName,
  shard: ShardKeys,
  keys: readonly string[],
  values: readonly string[],
): Promise<unknown> {
  const { connection } = reach;
  const run = async (): Promise<unknown> =>
    connection.script(script, [shard.epoch, ...keys], [runOf(connection), ...values]);
  const answer = await run();
  if (answer !== 'epoch') {
    return answer;
  }
  await renew(reach, shard);
  return run();
}

/** Loads a record of the gate, and again under the shard's lock where its counters must be built anew. */
async function projectSnapshot<Row, Some extends Snapshot<Row>>(
  reach: Reach,
  load: (source: SnapshotSource) => Promise<Some | undefined>,
  writeSome: (snapshot: Some, manner: Manner) => Promise<unknown>,
): Promise<Some | undefined> {
  const { source } = reach;
  const snapshot = await load(source);
  // From now on there is something to forget.
  reach.blank.clear();
  if (snapshot === undefined || (await writeSome(snapshot, 'unlocked')) !== 'missing') {
    return snapshot;
  }
  const shard = shardOf(snapshot.organizationId);
  return source.whileNothingDrains(shard, async (locked) => {
    const again = await load(locked);
    if (again !== undefined) {
      await writeSome(again, 'locked');
    }
    return again;
  });
}

type Manner = 'locked' | 'unlocked';

/** What both record scripts begin with: see project-record.lua. */
function headOf(
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

async function projectTeam(reach: Reach, teamId: string): Promise<void> {
  await projectSnapshot(
    reach,
    async (source) => source.team(teamId),
    async (snapshot, manner) => writeTeam(reach, snapshot, manner),
  );
}

async function writeTeam(reach: Reach, snapshot: TeamSnapshot, manner: Manner): Promise<unknown> {
  const { row: team, account, timeZone } = snapshot;
  const shard = shardIn(reach, team.organizationId);
  const rate = effectiveRate(termsOf(team));
  const overdraft = overdraftOf(team);
  const rules = {
    subject: subjectText({ kind: 'team', teamId: team.id }),
    ceilings: team.ceilings,
    timeZone,
    ...(team.models.length === 0 ? {} : { models: team.models }),
    aliases: team.modelAliases,
  };
  return write(
    reach,
    'project-team',
    shard,
    [shard.team(team.id), shard.open, shard.usage],
    [
      ...headOf(snapshot, rules, team.id, manner, reach.clock()),
      ...[account.funded, account.fundingSequence, account.used].map(String),
      ...fieldsText({
        status: team.status,
        until: untilText(team.statusUntil),
        groups: team.accessGroups.join('\n'),
        basis: rate.basis,
        multiplier: rate.multiplier,
        divisor: rate.divisor,
        overdraft: overdraft.microcredits,
        overdraft_until: overdraft.untilMs,
      }),
    ],
  );
}

/** Names and values, one after the other. */
function fieldsText(fields: Readonly<Record<string, string | number | bigint>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
}

/** Milliseconds since 1970; 0 for never. */
function untilText(at: Date | null): string {
  return String(at?.getTime() ?? 0);
}

/** Writes a record that holds no money. */
async function projectRecord<Row extends { readonly version: bigint }>(
  reach: Reach,
  load: (source: SnapshotSource) => Promise<Snapshot<Row> | undefined>,
  describe: (snapshot: Snapshot<Row>, shard: ShardKeys) => RecordText,
): Promise<Snapshot<Row> | undefined> {
  return projectSnapshot(reach, load, async (snapshot, manner) => {
    const shard = shardIn(reach, snapshot.organizationId);
    const { record, rules, fields } = describe(snapshot, shard);
    const values = [...headOf(snapshot, rules, rules.subject, manner, reach.clock()), ...fields];
    return write(reach, 'project-record', shard, [record, shard.open, shard.usage], values);
  });
}

interface RecordText {
  readonly record: string;
  readonly rules: SubjectRules;
  readonly fields: readonly string[];
}

async function projectKey(reach: Reach, keyId: string): Promise<void> {
  const snapshot = await projectRecord(
    reach,
    async (source) => source.key(keyId),
    ({ row, timeZone }, shard) => keyText(row, timeZone, shard),
  );
  if (snapshot !== undefined) {
    await rememberIdentity(reach, snapshot.row);
  }
}

function keyText(key: VirtualKey, timeZone: string, shard: ShardKeys): RecordText {
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

async function projectOrganization(reach: Reach, id: string): Promise<void> {
  await projectRecord(
    reach,
    async (source) => source.organization(id),
    ({ row, timeZone }, shard) => ({
      record: shard.organization(id),
      rules: {
        subject: subjectText({ kind: 'organization', organizationId: id }),
        ceilings: row.ceilings,
        timeZone,
      },
      fields: fieldsText({ status: row.status, until: untilText(row.statusUntil) }),
    }),
  );
}

async function projectMember(reach: Reach, teamId: string, userId: string): Promise<void> {
  await projectRecord(
    reach,
    async (source) => source.member(teamId, userId),
    ({ row, timeZone }, shard) => ({
      record: shard.subject({ kind: 'member', teamId, userId }),
      rules: {
        subject: subjectText({ kind: 'member', teamId, userId }),
        ceilings: row.ceilings,
        timeZone,
      },
      fields: [],
    }),
  );
}

async function projectUser(reach: Reach, organizationId: string, userId: string): Promise<void> {
  await projectRecord(
    reach,
    async (source) => source.user(organizationId, userId),
    ({ row, timeZone }, shard) => ({
      record: shard.subject({ kind: 'user', organizationId, userId }),
      rules: {
        subject: subjectText({ kind: 'user', organizationId, userId }),
        ceilings: row.ceilings,
        timeZone,
      },
      fields: [],
    }),
  );
}

async function projectCatalog(reach: Reach, shard: ShardKeys): Promise<void> {
  const { version, groups } = await reach.source.catalog();
  const grants = groups.flatMap((group) => group.aliases.map((alias) => `${group.name}\n${alias}`));
  await write(reach, 'project-catalog', shard, [shard.access], [String(version), ...grants]);
}

async function rememberIdentity({ connection, namespace }: Reach, key: VirtualKey): Promise<void> {
  const value = [key.id, key.teamId, key.organizationId, key.userId ?? ''].join('\n');
  const hashes = [key.hash, ...(key.previousHash === null ? [] : [key.previousHash])];
  try {
    await Promise.all(
      hashes.map(async (hash) => connection.redis.set(identityKey(namespace, hash), value)),
    );
  } catch (error) {
    throw new GateUnavailable('Remembering a key in the gate', { cause: error });
  }
}

/** The run that the connection talks to; throws while there is none. */
export function runOf(connection: GateConnection): string {
  const run = connection.run();
  if (run === undefined) {
    throw new GateUnavailable('Asking the gate: Redis is not connected, see its log');
  }
  return run;
}
