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
  /** Answers whether the organization's shard is of this run now. */
  renew(shard: number): Promise<void>;
  rememberIdentity(key: VirtualKey): Promise<void>;
}

/** Writes what the records say into the gate; nothing else may. */
export function createProjections(
  connection: GateConnection,
  source: ProjectionSource,
  namespace: string,
  shards: readonly ShardKeys[],
): Projections {
  // Shard numbers come from shardOf, which draws below SHARD_COUNT.
  const keysOf = (organizationId: string): ShardKeys =>
    shards[shardOf(organizationId)] as ShardKeys;

  async function renew(shard: number): Promise<void> {
    await connection.script('renew', [(shards[shard] as ShardKeys).epoch], [runOf(connection)]);
  }

  /** Runs a projecting script; begins the new epoch first if nobody did yet. */
  async function write(
    script: ScriptName,
    shard: ShardKeys,
    keys: readonly string[],
    values: readonly string[],
  ): Promise<unknown> {
    const run = async (): Promise<unknown> =>
      connection.script(script, [shard.epoch, ...keys], [runOf(connection), ...values]);
    const answer = await run();
    if (answer !== 'epoch') {
      return answer;
    }
    await renew(shard.shard);
    return run();
  }

  async function projectTeam(teamId: string): Promise<void> {
    const snapshot = await source.team(teamId);
    if (snapshot === undefined) {
      return;
    }
    if ((await writeTeam(snapshot, 'unlocked')) === 'missing') {
      await source.teamWhileNothingDrains(teamId, async (locked) => writeTeam(locked, 'locked'));
    }
  }

  async function writeTeam(
    { team, account, drainedPosition }: TeamSnapshot,
    manner: 'locked' | 'unlocked',
  ): Promise<unknown> {
    const shard = keysOf(team.organizationId);
    const rate = effectiveRate(termsOf(team));
    return write(
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

  async function projectKey(key: VirtualKey | undefined): Promise<void> {
    if (key === undefined) {
      return;
    }
    const shard = keysOf(key.organizationId);
    const expires = String(key.expiresAt?.getTime() ?? 0);
    const fields = ['status', key.status, 'expires', expires];
    await write('project-record', shard, [shard.key(key.hash)], [String(key.version), ...fields]);
    await rememberIdentity(key);
  }

  async function projectOrganization(id: string): Promise<void> {
    const organization = await source.organization(id);
    if (organization !== undefined) {
      const shard = keysOf(id);
      const values = [String(organization.version), 'status', organization.status];
      await write('project-record', shard, [shard.organization(id)], values);
    }
  }

  async function projectCatalogTo(shard: number): Promise<void> {
    const { version, groups } = await source.catalog();
    const grants = groups.flatMap((group) =>
      group.aliases.map((alias) => `${group.name}\n${alias}`),
    );
    const keys = shards[shard] as ShardKeys;
    await write('project-catalog', keys, [keys.access], [String(version), ...grants]);
  }

  async function rememberIdentity(key: VirtualKey): Promise<void> {
    const value = [key.id, key.teamId, key.organizationId].join('\n');
    try {
      await connection.redis.set(identityKey(namespace, key.hash), value);
    } catch (error) {
      throw new GateUnavailable('Remembering a key in the gate', { cause: error });
    }
  }

  return {
    renew,
    rememberIdentity,
    projectCatalogTo,
    async project(subject) {
      if ('teamId' in subject) {
        await projectTeam(subject.teamId);
      } else if ('keyId' in subject) {
        await projectKey(await source.key(subject.keyId));
      } else if ('organizationId' in subject) {
        await projectOrganization(subject.organizationId);
      } else {
        await Promise.all(shards.map(async ({ shard }) => projectCatalogTo(shard)));
      }
    },
  };
}

/** The run that the connection talks to; throws while there is none. */
export function runOf(connection: GateConnection): string {
  const run = connection.run();
  if (run === undefined) {
    throw new GateUnavailable('Asking the gate: Redis is not connected, see its log');
  }
  return run;
}
