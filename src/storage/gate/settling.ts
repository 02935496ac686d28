import type { Settled, Settlement } from '../../core/gateway/gate.ts';
import { batched } from './batch.ts';
import type { GateConnection } from './connection.ts';
import { createOwed } from './owed.ts';
import { runOf } from './projections.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';
import { eventText } from './usage-text.ts';

/** A reservation that is to end, and how (see settle.lua). */
export interface Ending {
  readonly teamId: string;
  readonly organizationId: string;
  readonly reservationId: string;
  readonly manner: 'settle' | 'lapsed' | 'discard';
  readonly charge: bigint | number;
  readonly event: string;
}

export interface Ended extends Settled {
  readonly outcome: 'settled' | 'already' | 'alive';
}

export interface Settling {
  settle(settlement: Settlement): Promise<Settled>;
  /** Ends reservations of one shard without noting them: for the reaper. */
  end(shard: number, endings: readonly Ending[]): Promise<Ended[]>;
  /** Hands in again what Redis may have forgotten; all of it after a new run. */
  handInAgain(everything: boolean): Promise<void>;
  /** How many settlements had to be forgotten before the records had them. */
  dropped(): number;
}

const ANSWERS_EACH = 4;
/** Loading a team takes one try, a new epoch another; a third is for a team that changed meanwhile. */
const TRIES = 4;

export function createSettling(
  connection: GateConnection,
  projections: Projections,
  source: ProjectionSource,
  shards: readonly ShardKeys[],
): Settling {
  const reach = { connection, projections };
  // What is handed in to one shard never confirms what another shard has.
  const owed = shards.map(() => createOwed());
  const sending = shards.map((keys) =>
    batched<Settlement, Ended>(async (batch) => {
      const { ended, drained, position } = await endInShard(reach, keys, batch.map(endingOf));
      const ledger = owed[keys.shard] as ReturnType<typeof createOwed>;
      ledger.handedIn(batch, position);
      ledger.drained(drained);
      return ended;
    }),
  );

  return {
    async settle(settlement) {
      const shard = shardOf(settlement.identity.organizationId);
      owed[shard]?.note(settlement);
      // shardOf draws below the number of shards.
      return (sending[shard] as (settlement: Settlement) => Promise<Ended>)(settlement);
    },
    end: async (shard, endings) =>
      (await endInShard(reach, shards[shard] as ShardKeys, endings)).ended,
    async handInAgain(everything) {
      for (const keys of shards) {
        const ledger = owed[keys.shard] as ReturnType<typeof createOwed>;
        const settlements = everything ? ledger.all() : ledger.unconfirmed();
        for (let at = 0; at < settlements.length; at += HAND_IN_AT_ONCE) {
          const part = settlements.slice(at, at + HAND_IN_AT_ONCE);
          const known = await source.alreadyDrained(part.map((one) => one.reservationId));
          const endings = part.map((one): Ending => ({
            ...endingOf(one),
            manner: known.has(one.reservationId) ? 'discard' : 'settle',
          }));
          const { position } = await endInShard(reach, keys, endings);
          ledger.handedIn(part, position);
        }
      }
    },
    dropped: () => owed.reduce((sum, ledger) => sum + ledger.dropped(), 0),
  };
}

interface Reach {
  readonly connection: GateConnection;
  readonly projections: Projections;
}

/** Ends reservations in one script call, and again for those whose team had to be loaded first. */
async function endInShard(
  { connection, projections }: Reach,
  keys: ShardKeys,
  endings: readonly Ending[],
  triesLeft = TRIES,
): Promise<{ ended: Ended[]; drained: string; position: string }> {
  const teamIds = [...new Set(endings.map((ending) => ending.teamId))];
  const fixed = [keys.epoch, keys.open, keys.due, keys.marks, keys.resolved, keys.usage];
  const names = [...fixed, keys.drained, ...teamIds.map(keys.team)];
  const firstTeam = fixed.length + 2;
  const values: (string | number)[] = [runOf(connection)];
  for (const ending of endings) {
    values.push(firstTeam + teamIds.indexOf(ending.teamId), ending.teamId, ending.reservationId);
    values.push(ending.manner, String(ending.charge), ending.event);
  }
  const answer = (await connection.script('settle', names, values)) as string[];
  if (answer[0] === 'epoch') {
    await projections.renew(keys.shard);
    return endInShard({ connection, projections }, keys, endings, triesLeft - 1);
  }
  const ended = endings.map((_, at) => endedFrom(answer, 2 + at * ANSWERS_EACH));
  const lacking = endings.filter((_, at) => ended[at] === undefined);
  const drained = answer[0] ?? '';
  const position = answer[1] ?? '';
  if (lacking.length === 0) {
    return { ended: ended.map((one) => one as Ended), drained, position };
  }
  if (triesLeft <= 0) {
    throw new Error(`Settling: team ${lacking[0]?.teamId} cannot be loaded into the gate`);
  }
  await Promise.all(
    [...new Set(lacking.map((ending) => ending.teamId))].map(async (teamId) =>
      projections.project({ teamId }),
    ),
  );
  const again = await endInShard({ connection, projections }, keys, lacking, triesLeft - 1);
  const late = again.ended[Symbol.iterator]();
  const all = ended.map((one) => one ?? (late.next().value as Ended));
  return { ended: all, drained: again.drained, position: again.position };
}

/** As many as one query and one script call bear without holding anybody up. */
const HAND_IN_AT_ONCE = 64;

function endingOf(settlement: Settlement): Ending {
  return {
    teamId: settlement.identity.teamId,
    organizationId: settlement.identity.organizationId,
    reservationId: settlement.reservationId,
    manner: 'settle',
    charge: settlement.charge,
    event: eventText(settlement),
  };
}

/** Undefined where the team has to be loaded first. */
function endedFrom(answer: readonly string[], at: number): Ended | undefined {
  const outcome = answer[at];
  return outcome === 'missing_team'
    ? undefined
    : {
        outcome: outcome as Ended['outcome'],
        chargedMicrocredits: Number(answer[at + 1]),
        excessMicrocredits: Number(answer[at + 2]),
        spendableMicrocredits: Number(answer[at + 3]),
      };
}
