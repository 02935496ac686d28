import { GateUnavailable } from '../../core/faults.ts';
import type { Gate, GateBalance } from '../../core/gateway/gate.ts';
import { allowedModels } from './allowed-models.ts';
import { runOf } from './connection.ts';
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
): Pick<
  Gate,
  | 'allowedModels'
  | 'meters'
  | 'recount'
  | 'balance'
  | 'balances'
  | 'openReservations'
  | 'untilDrained'
> {
  // shardOf draws below the number of shards.
  const keysOf = (organizationId: string): ShardKeys =>
    shards[shardOf(organizationId)] as ShardKeys;
  return {
    allowedModels: async (user) =>
      allowedModels(connection, projections, keysOf(user.organizationId), user),
    meters: async (subject, organizationId) =>
      readMeters(connection, projections, keysOf(organizationId), subject),
    async recount(subject, organizationId) {
      const keys = keysOf(organizationId);
      await connection.script('forget-record', [keys.subject(subject)], []);
      // Reading loads what is missing.
      await readMeters(connection, projections, keys, subject);
    },
    balance: async (team) =>
      balanceOf(connection, projections, keysOf(team.organizationId), team.id),
    openReservations: async () => {
      const counts = shards.map(async ({ open }) => connection.redis.hlen(open));
      const found = await Promise.all(counts).catch(unavailable('Counting open reservations'));
      return found.reduce((sum, each) => sum + each, 0);
    },
    balances: async (teams) => balancesOf(connection, teams, keysOf),
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
    .hmget(keys.team(teamId), ...MONEY)
    .catch(unavailable('Reading the balance of a team'));
  const balance = balanceFrom(fields);
  if (balance === undefined) {
    throw new GateUnavailable(
      `Reading the balance of team ${teamId}: the gate has no record of it`,
    );
  }
  return balance;
}

async function balancesOf(
  connection: GateConnection,
  teams: readonly { id: string; organizationId: string }[],
  keysOf: (organizationId: string) => ShardKeys,
): Promise<ReadonlyMap<string, GateBalance>> {
  const run = runOf(connection);
  const { redis } = connection;
  const ofShard = async (some: readonly { id: string; organizationId: string }[]) => {
    const keys = keysOf(some[0]?.organizationId ?? '');
    // Written in one turn of the event loop, these go to Redis together.
    const [[ofRun, current], records] = await Promise.all([
      redis.hmget(keys.epoch, 'run', 'generation'),
      Promise.all(some.map(async ({ id }) => redis.hmget(keys.team(id), 'generation', ...MONEY))),
    ]);
    return records.flatMap(([generation, ...fields], at) => {
      const isCurrent = ofRun === run && generation === current;
      const balance = isCurrent ? balanceFrom(fields) : undefined;
      return balance === undefined ? [] : [[some[at]?.id ?? '', balance] as const];
    });
  };
  const shards = Map.groupBy(teams, ({ organizationId }) => shardOf(organizationId));
  const found = await Promise.all([...shards.values()].map(ofShard)).catch(
    unavailable('Reading the balances of teams'),
  );
  return new Map(found.flat());
}

const MONEY = ['spendable', 'held', 'charged', 'funded'];

/** Undefined where a field is missing: then there is no record. */
function balanceFrom(fields: readonly (string | null)[]): GateBalance | undefined {
  if (fields.includes(null)) {
    return undefined;
  }
  const [spendable, reserved, charged, funded] = fields.map((field) => BigInt(field ?? 0));
  // One for each of MONEY.
  return { spendable, reserved, charged, funded } as GateBalance;
}

function unavailable(attempt: string): (error: unknown) => never {
  return (error) => {
    throw new GateUnavailable(`${attempt}: ${(error as Error).message}`, { cause: error });
  };
}
