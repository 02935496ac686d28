import { GateUnavailable } from '../../core/faults.ts';
import type { KeyIdentity } from '../../core/gateway/gate.ts';
import type { GateConnection } from './connection.ts';
import type { Projections } from './projections.ts';
import type { ShardKeys } from './shards.ts';

/** Whom the models are for: a team, or one of its keys. */
export type ModelUser = Pick<KeyIdentity, 'teamId' | 'organizationId'> &
  Partial<Pick<KeyIdentity, 'keyId'>>;

/** What is allowed by rules: names and `prefix*`, access groups, and the caller's own names. */
interface Rules {
  readonly models?: readonly string[];
  readonly groups?: string;
  readonly aliases?: Readonly<Record<string, string>>;
}

interface Known {
  /** Which aliases each access group grants. */
  readonly grants: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly string[];
  readonly team: Rules;
  readonly key: Rules;
}

/**
 * What may be called, sorted: names, and where a team was given `prefix*` that pattern itself. Loads what
 * the gate lacks.
 */
export async function allowedModels(
  connection: GateConnection,
  projections: Projections,
  keys: ShardKeys,
  user: ModelUser,
): Promise<string[]> {
  let known = await read(connection, keys, user);
  if (known === undefined) {
    await projections.projectCatalogTo(keys.shard);
    await projections.project({ teamId: user.teamId });
    if (user.keyId !== undefined) {
      await projections.project({ keyId: user.keyId });
    }
    known = await read(connection, keys, user);
  }
  return known === undefined ? [] : namesIn(known);
}

function namesIn({ grants, groups, team, key }: Known): string[] {
  const ofTeam = [...groups.flatMap((group) => grants.get(group) ?? []), ...(team.models ?? [])];
  const ofKey = key.models && [
    ...key.models,
    ...(key.groups ?? '').split('\n').flatMap((group) => grants.get(group) ?? []),
  ];
  const both = ofKey === undefined ? ofTeam : overlap(ofTeam, ofKey);
  const renamed = Object.entries({ ...team.aliases, ...key.aliases })
    .filter(([, target]) => both.some((pattern) => fits(target, pattern)))
    .map(([name]) => name);
  return [...new Set([...both, ...renamed])].sort((a, b) => a.localeCompare(b));
}

/** Of two lists of names and patterns, the narrower of each pair that meets. */
function overlap(ones: readonly string[], others: readonly string[]): string[] {
  return ones.flatMap((one) =>
    others.flatMap((other) => {
      if (fits(one, other)) {
        return [one];
      }
      return fits(other, one) ? [other] : [];
    }),
  );
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

async function read(
  { redis }: GateConnection,
  keys: ShardKeys,
  user: ModelUser,
): Promise<Known | undefined> {
  try {
    const [catalog, grants, [groups, teamRules], keyRules] = await Promise.all([
      redis.hget(keys.epoch, 'catalog'),
      redis.hkeys(keys.access),
      redis.hmget(keys.team(user.teamId), 'groups', 'rules'),
      user.keyId === undefined ? '' : redis.hget(keys.key(user.keyId), 'rules'),
    ]);
    if (catalog === null || typeof groups !== 'string' || keyRules === null) {
      return undefined;
    }
    const team = rulesFrom(teamRules ?? '');
    return {
      grants: grantsFrom(grants),
      groups: groups.split('\n'),
      team,
      key: rulesFrom(keyRules),
    };
  } catch (error) {
    throw new GateUnavailable('Reading the models of a team', { cause: error });
  }
}

function grantsFrom(grants: readonly string[]): Map<string, string[]> {
  const byGroup = new Map<string, string[]>();
  for (const grant of grants) {
    const [group = '', alias = ''] = grant.split('\n');
    byGroup.set(group, [...(byGroup.get(group) ?? []), alias]);
  }
  return byGroup;
}

function rulesFrom(text: string): Rules {
  return text === '' ? {} : (JSON.parse(text) as Rules);
}
