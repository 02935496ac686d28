import { GateUnavailable } from '../../core/faults.ts';
import type { ProjectionSubject } from '../../core/gateway/gate.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Clock } from '../../core/time.ts';
import { runOf } from './connection.ts';
import type { GateConnection } from './connection.ts';
import { createEpochs } from './epochs.ts';
import type { Epochs } from './epochs.ts';
import {
  endUserText,
  headOf,
  keyText,
  memberText,
  organizationText,
  teamText,
  userText,
} from './record-text.ts';
import type { Manner, RecordText } from './record-text.ts';
import { identityKey, shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ScriptName } from './scripts.ts';
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
  parts: Omit<Reach, 'connection' | 'epochs'> & { readonly onForgotten: () => void },
): Projections {
  const { onForgotten, ...rest } = parts;
  const { source, shards, clock } = parts;
  const epochs = createEpochs(connection, source, clock, onForgotten);
  const reach: Reach = { connection, epochs, ...rest };
  return {
    renew: async (shard) => epochs.renew(shards[shard] as ShardKeys),
    rememberIdentity: async (key) => rememberIdentity(reach, key),
    projectCatalogTo: async (shard) => projectCatalog(reach, shards[shard] as ShardKeys),
    async project(subject) {
      if ('memberId' in subject) {
        const { teamId, memberId } = subject;
        await projectRecord(reach, async (some) => some.member(teamId, memberId), memberText);
      } else if ('userId' in subject) {
        const { organizationId, userId } = subject;
        await projectRecord(reach, async (some) => some.user(organizationId, userId), userText);
      } else if ('endUserId' in subject) {
        const { organizationId, endUserId } = subject;
        await projectRecord(
          reach,
          async (some) => some.endUser(organizationId, endUserId),
          endUserText,
        );
      } else if ('teamId' in subject) {
        await projectTeam(reach, subject.teamId);
      } else if ('keyId' in subject) {
        await projectKey(reach, subject.keyId);
      } else if ('organizationId' in subject) {
        const { organizationId } = subject;
        await projectRecord(
          reach,
          async (some) => some.organization(organizationId),
          organizationText,
        );
      } else {
        await Promise.all(shards.map(async (shard) => projectCatalog(reach, shard)));
      }
    },
  };
}

interface Reach {
  readonly epochs: Epochs;
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
  await reach.epochs.renew(shard);
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
  reach.epochs.somethingIsKept();
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

async function projectTeam(reach: Reach, teamId: string): Promise<void> {
  await projectSnapshot(
    reach,
    async (source) => source.team(teamId),
    async (snapshot, manner) => writeTeam(reach, snapshot, manner),
  );
}

async function writeTeam(reach: Reach, snapshot: TeamSnapshot, manner: Manner): Promise<unknown> {
  const shard = shardIn(reach, snapshot.organizationId);
  const { record, rules, fields } = teamText(snapshot, shard);
  const { funded, fundingSequence, used } = snapshot.account;
  const money = [funded, fundingSequence, used].map(String);
  const head = headOf(snapshot, rules, snapshot.row.id, manner, reach.clock());
  const names = [record, shard.open, shard.usage];
  return write(reach, 'project-team', shard, names, [...head, ...money, ...fields]);
}

/** Writes a record that holds no money. */
async function projectRecord<Row extends { readonly version: bigint }>(
  reach: Reach,
  load: (source: SnapshotSource) => Promise<Snapshot<Row> | undefined>,
  describe: (snapshot: Snapshot<Row>, shard: ShardKeys) => RecordText,
): Promise<Snapshot<Row> | undefined> {
  return projectSnapshot(reach, load, async (snapshot, manner) => {
    const shard = shardIn(reach, snapshot.organizationId);
    const { record, rules, fields, lifeS = 0 } = describe(snapshot, shard);
    const head = headOf(snapshot, rules, rules.subject, manner, reach.clock());
    const values = [...head, String(lifeS), ...fields];
    return write(reach, 'project-record', shard, [record, shard.open, shard.usage], values);
  });
}

async function projectKey(reach: Reach, keyId: string): Promise<void> {
  const snapshot = await projectRecord(reach, async (source) => source.key(keyId), keyText);
  if (snapshot !== undefined) {
    await rememberIdentity(reach, snapshot.row);
  }
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
