import { GateUnavailable } from '../../core/faults.ts';
import type { Gate, GateBalance } from '../../core/gateway/gate.ts';
import { allowedModels } from './allowed-models.ts';
import type { GateConnection } from './connection.ts';
import { untilDrained } from './draining.ts';
import { readMeters } from './meters.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';

/** What people ask the gate; each loads first what the gate lacks. */
export function createReading(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
): Pick<Gate, 'allowedModels' | 'meters' | 'balance' | 'untilDrained'> {
  // shardOf draws below the number of shards.
  const keysOf = (organizationId: string): ShardKeys =>
    shards[shardOf(organizationId)] as ShardKeys;
  return {
    allowedModels: async (user) =>
      allowedModels(connection, projections, keysOf(user.organizationId), user),
    meters: async (subject, organizationId) =>
      readMeters(connection, projections, keysOf(organizationId), subject),
    balance: async (team) =>
      balanceOf(connection, projections, keysOf(team.organizationId), team.id),
    untilDrained: async (team, timeoutMs) =>
      untilDrained(connection, keysOf(team.organizationId), team.id, timeoutMs),
  };
}

async function balanceOf(
  connection: GateConnection,
  projections: Projections,
  keys: ShardKeys,
  teamId: string,
): Promise<GateBalance> {
  // Projecting first costs a read of the records and makes sure that the record is of this run.
  await projections.project({ teamId });
  const fields = await connection.redis
    .hmget(keys.team(teamId), 'spendable', 'held', 'charged', 'funded')
    .catch(unavailable('Reading the balance of a team'));
  const [spendable, reserved, charged, funded] = fields.map((field) => BigInt(field ?? 0));
  if (fields.includes(null)) {
    throw new GateUnavailable(
      `Reading the balance of team ${teamId}: the gate has no record of it`,
    );
  }
  // Four fields were asked for, and none is null.
  return { spendable, reserved, charged, funded } as GateBalance;
}

function unavailable(attempt: string): (error: unknown) => never {
  return (error) => {
    throw new GateUnavailable(`${attempt}: ${(error as Error).message}`, { cause: error });
  };
}
