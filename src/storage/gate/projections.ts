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

/** A new epoch, and others that begin meanwhile. */
const TRIES_MAX = 3;

/** What was loaded, and where an epoch must begin before it can be written. */
interface Attempt<Loaded> {
  readonly loaded: Loaded;
  readonly behind: ShardKeys | undefined;
}

/**
 * Loads and writes for one run of Redis, and both again for the next one: that one forgot which newer states the one
 * before it knew, and would take an older one for the newest.
 */
async function inOneRun<Loaded>(
  { connection, epochs }: Reach,
  attempt: (run: string) => Promise<Attempt<Loaded>>,
): Promise<Loaded> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { loaded, behind } = await attempt(runOf(connection));
    if (behind === undefined) {
      return loaded;
    }
    await epochs.renew(behind);
  }
  throw new GateUnavailable('Bringing a record to the gate: Redis began anew time and again');
}

/** Loads a record of the gate, and again under the shard's lock where its counters must be built anew. */
async function projectSnapshot<Row, Some extends Snapshot<Row>>(
  reach: Reach,
  load: (source: SnapshotSource) => Promise<Some | undefined>,
  writeSome: (snapshot: Some, manner: Manner, run: string) => Promise<unknown>,
): Promise<Some | undefined> {
  const { source, epochs } = reach;
  return inOneRun(reach, async (run) => {
    const project = async (from: SnapshotSource, manner: Manner) => {
      const loaded = await load(from);
      epochs.somethingIsKept();
      return { loaded, answer: loaded && (await writeSome(loaded, manner, run)) };
    };
    const first = await project(source, 'unlocked');
    const { loaded, answer } =
      first.loaded !== undefined && first.answer === 'missing'
        ? await source.whileNothingDrains(shardOf(first.loaded.organizationId), async (locked) =>
            project(locked, 'locked'),
          )
        : first;
    const isBehind = loaded !== undefined && answer === 'epoch';
    return { loaded, behind: isBehind ? shardIn(reach, loaded.organizationId) : undefined };
  });
}

async function projectTeam(reach: Reach, teamId: string): Promise<void> {
  await projectSnapshot(
    reach,
    async (source) => source.team(teamId),
    async (...values) => writeTeam(reach, ...values),
  );
}

async function writeTeam(
  reach: Reach,
  snapshot: TeamSnapshot,
  manner: Manner,
  run: string,
): Promise<unknown> {
  const shard = shardIn(reach, snapshot.organizationId);
  const { record, rules, fields } = teamText(snapshot, shard);
  const { funded, fundingSequence, used } = snapshot.account;
  const money = [funded, fundingSequence, used].map(String);
  const head = headOf(snapshot, rules, snapshot.row.id, manner, reach.clock());
  const names = [shard.epoch, record, shard.open, shard.usage];
  return reach.connection.script('project-team', names, [run, ...head, ...money, ...fields]);
}

/** Writes a record that holds no money. */
async function projectRecord<Row extends { readonly version: bigint }>(
  reach: Reach,
  load: (source: SnapshotSource) => Promise<Snapshot<Row> | undefined>,
  describe: (snapshot: Snapshot<Row>, shard: ShardKeys) => RecordText,
): Promise<Snapshot<Row> | undefined> {
  return projectSnapshot(reach, load, async (snapshot, manner, run) => {
    const shard = shardIn(reach, snapshot.organizationId);
    const { record, rules, fields, lifeS = 0 } = describe(snapshot, shard);
    const head = headOf(snapshot, rules, rules.subject, manner, reach.clock());
    const names = [shard.epoch, record, shard.open, shard.usage];
    const values = [run, ...head, String(lifeS), ...fields];
    return reach.connection.script('project-record', names, values);
  });
}

async function projectKey(reach: Reach, keyId: string): Promise<void> {
  const snapshot = await projectRecord(reach, async (source) => source.key(keyId), keyText);
  if (snapshot !== undefined) {
    await rememberIdentity(reach, snapshot.row);
  }
}

async function projectCatalog(reach: Reach, shard: ShardKeys): Promise<void> {
  const { connection, source } = reach;
  await inOneRun(reach, async (run) => {
    const { version, groups } = await source.catalog();
    const grants = groups.flatMap((group) =>
      group.aliases.map((alias) => `${group.name}\n${alias}`),
    );
    const values = [run, String(version), ...grants];
    const answer = await connection.script('project-catalog', [shard.epoch, shard.access], values);
    return { loaded: undefined, behind: answer === 'epoch' ? shard : undefined };
  });
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
