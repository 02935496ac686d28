import { GateUnavailable } from '../../core/faults.ts';
import type { ProjectionSubject } from '../../core/gateway/gate.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { effectiveRate } from '../../core/pricing/charge.ts';
import { termsOf } from '../../core/teams/team.ts';
import type { GateConnection } from './connection.ts';
import { identityKey, shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ScriptName } from './scripts.ts';
import type { ProjectionSource, TeamSnapshot } from './source.ts';

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
  source: ProjectionSource,
  namespace: string,
  shards: readonly ShardKeys[],
  onForgotten: () => void,
): Projections {
  const begun = new Set<string>();
  const reach: Reach = { connection, source, namespace, shards, begun, onForgotten };
  return {
    renew: async (shard) => renew(reach, shards[shard] as ShardKeys),
    rememberIdentity: async (key) => rememberIdentity(reach, key),
    projectCatalogTo: async (shard) => projectCatalog(reach, shards[shard] as ShardKeys),
    async project(subject) {
      if ('teamId' in subject) {
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
  readonly onForgotten: () => void;
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

async function renew(reach: Reach, shard: ShardKeys): Promise<void> {
  const { connection, source, begun } = reach;
  const run = runOf(connection);
  const position = await source.drainedPosition(shard.shard);
  const graceMs = position === '0-0' ? 0 : GRACE_MS;
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

async function projectTeam(reach: Reach, teamId: string): Promise<void> {
  const { source } = reach;
  const snapshot = await source.team(teamId);
  if (snapshot !== undefined && (await writeTeam(reach, snapshot, 'unlocked')) === 'missing') {
    await source.teamWhileNothingDrains(teamId, async (locked) =>
      writeTeam(reach, locked, 'locked'),
    );
  }
}

async function writeTeam(
  reach: Reach,
  { team, account, drainedPosition }: TeamSnapshot,
  manner: 'locked' | 'unlocked',
): Promise<unknown> {
  const shard = shardIn(reach, team.organizationId);
  const rate = effectiveRate(termsOf(team));
  return write(
    reach,
    'project-team',
    shard,
    [shard.team(team.id), shard.open, shard.usage],
    [
      manner,
      team.id,
      String(team.version),
      team.status,
      team.accessGroups.join('\n'),
      rate.basis,
      String(rate.multiplier),
      String(rate.divisor),
      String(account.funded),
      String(account.fundingSequence),
      String(account.used),
      drainedPosition,
    ],
  );
}

async function projectKey(reach: Reach, keyId: string): Promise<void> {
  const key = await reach.source.key(keyId);
  if (key === undefined) {
    return;
  }
  const shard = shardIn(reach, key.organizationId);
  const expires = String(key.expiresAt?.getTime() ?? 0);
  const values = [String(key.version), 'status', key.status, 'expires', expires];
  await write(reach, 'project-record', shard, [shard.key(key.hash)], values);
  await rememberIdentity(reach, key);
}

async function projectOrganization(reach: Reach, id: string): Promise<void> {
  const organization = await reach.source.organization(id);
  if (organization !== undefined) {
    const shard = shardIn(reach, id);
    const values = [String(organization.version), 'status', organization.status];
    await write(reach, 'project-record', shard, [shard.organization(id)], values);
  }
}

async function projectCatalog(reach: Reach, shard: ShardKeys): Promise<void> {
  const { version, groups } = await reach.source.catalog();
  const grants = groups.flatMap((group) => group.aliases.map((alias) => `${group.name}\n${alias}`));
  await write(reach, 'project-catalog', shard, [shard.access], [String(version), ...grants]);
}

async function rememberIdentity({ connection, namespace }: Reach, key: VirtualKey): Promise<void> {
  const value = [key.id, key.teamId, key.organizationId].join('\n');
  try {
    await connection.redis.set(identityKey(namespace, key.hash), value);
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
