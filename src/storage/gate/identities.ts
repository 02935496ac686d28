import { GateUnavailable } from '../../core/faults.ts';
import type { KeyIdentity } from '../../core/gateway/gate.ts';
import type { GateConnection } from './connection.ts';
import type { Projections } from './projections.ts';
import { identityKey } from './shards.ts';
import type { ProjectionSource } from './source.ts';

/** Unknown keys cost a query each: a flood of them must not take the records away from everybody. */
const LOOKUPS_MAX = 64;

/** Finds out whom a key belongs to: from the gate, else the records. Who asks may remember the answer. */
export function createIdentities(
  connection: GateConnection,
  projections: Projections,
  options: { readonly source: ProjectionSource; readonly namespace: string },
): { identify(hash: string, lastFour: string): Promise<KeyIdentity | undefined> } {
  const underWay = new Map<string, Promise<KeyIdentity | undefined>>();

  async function find(hash: string, lastFour: string): Promise<KeyIdentity | undefined> {
    const known = await connection.redis
      .get(identityKey(options.namespace, hash))
      .catch((error: unknown) => {
        throw new GateUnavailable('Looking a key up in the gate', { cause: error });
      });
    const [keyId, teamId, organizationId, userId] = known?.split('\n') ?? [];
    if (keyId !== undefined && teamId !== undefined && organizationId !== undefined) {
      return { hash, lastFour, keyId, teamId, organizationId, userId: userId || undefined };
    }
    const key = await options.source.keyByHash(hash);
    if (key === undefined) {
      return undefined;
    }
    await projections.rememberIdentity(key);
    return {
      hash,
      lastFour,
      keyId: key.id,
      teamId: key.teamId,
      organizationId: key.organizationId,
      userId: key.userId ?? undefined,
    };
  }

  return {
    async identify(hash, lastFour) {
      let lookup = underWay.get(hash);
      if (lookup === undefined) {
        if (underWay.size >= LOOKUPS_MAX) {
          throw new GateUnavailable('Looking a key up: too many unknown keys at once');
        }
        lookup = find(hash, lastFour).finally(() => underWay.delete(hash));
        underWay.set(hash, lookup);
      }
      return lookup;
    },
  };
}
