import type { Settled, Settlement } from '../../core/gateway/gate.ts';
import { batched } from './batch.ts';
import type { GateConnection } from './connection.ts';
import type { HeldReservation } from './open-reservations.ts';
import { createOwed, OWED_MAX } from './owed.ts';
import type { Ending, Owed } from './owed.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';
import { NOTHING_TAKEN, placeSubjects } from './taken.ts';
import { eventText } from './usage-text.ts';

export interface Ended extends Settled {
  readonly outcome: 'settled' | 'already' | 'alive';
}

export interface Settling {
  /** `reservation` is what this process knows of it; undefined where another one opened it. */
  settle(settlement: Settlement, reservation: HeldReservation | undefined): Promise<Settled>;
  /** Ends reservations of one shard without noting them: for the reaper. */
  end(shard: number, endings: readonly Ending[]): Promise<(Ended | Error)[]>;
  /** Hands in what the gate never confirmed; after it forgot, all that the records do not have yet. */
  handInAgain(everything: boolean): Promise<void>;
  /** Whether anything waits to be handed in. */
  isOwing(): boolean;
}

/** A new epoch takes one try, loading a team another; the third is for what changed meanwhile. */
const TRIES_MAX = 3;
/** As many as one query and one script call bear without holding anybody up. */
const HAND_IN_AT_ONCE = 64;

interface Reach {
  readonly connection: GateConnection;
  readonly projections: Projections;
}

interface BatchEnd {
  readonly ended: (Ended | Error)[];
  readonly drained: string;
  readonly position: string;
}

export function createSettling(
  connection: GateConnection,
  projections: Projections,
  source: ProjectionSource,
  shards: readonly ShardKeys[],
  onComplaint: (complaint: string) => void,
): Settling {
  const reach = { connection, projections };
  let told = false;
  const tellOnce = (): void => {
    if (!told) {
      told = true;
      onComplaint(`More than ${OWED_MAX} settlements wait to be drained: is a worker running?`);
    }
  };
  // What is handed in to one shard never confirms what another shard has.
  const owedBy = shards.map((keys) => ({ keys, owed: createOwed(tellOnce) }));
  const sending = owedBy.map(({ keys, owed }) =>
    batched<Ending, Ended>(async (batch) => {
      const done = await endInShard(reach, keys, batch);
      noteEnd(owed, batch, done);
      return done.ended;
    }),
  );

  return {
    async settle(settlement, reservation) {
      const shard = shardOf(settlement.identity.organizationId);
      const ending = endingOf(settlement, reservation);
      owedBy[shard]?.owed.note(ending);
      // shardOf draws below the number of shards.
      return (sending[shard] as (ending: Ending) => Promise<Ended>)(ending);
    },
    end: async (shard, endings) =>
      (await endInShard(reach, shards[shard] as ShardKeys, endings)).ended,
    async handInAgain(everything) {
      for (const { keys, owed } of owedBy) {
        const waiting = everything ? owed.all() : owed.unconfirmed();
        for (let at = 0; at < waiting.length; at += HAND_IN_AT_ONCE) {
          const part = waiting.slice(at, at + HAND_IN_AT_ONCE);
          const ids = part.map((one) => one.reservationId);
          const known = await source.alreadyDrained([...ids, ...ids.map(lateIdOf)]);
          const endings = part.map((one): Ending => ({
            ...one,
            manner: mannerOf(one.reservationId, known),
          }));
          noteEnd(owed, part, await endInShard(reach, keys, endings));
        }
      }
    },
    isOwing: () => owedBy.some(({ owed }) => owed.unconfirmed().length > 0),
  };
}

/** What is charged after a reservation had lapsed stands under this id (see settle.lua). */
function lateIdOf(reservationId: string): string {
  return `${reservationId}:late`;
}

function mannerOf(reservationId: string, known: ReadonlySet<string>): Ending['manner'] {
  if (known.has(lateIdOf(reservationId))) {
    return 'discard';
  }
  return known.has(reservationId) ? 'late' : 'settle';
}

function noteEnd(owed: Owed, batch: readonly Ending[], done: BatchEnd): void {
  const confirmed = batch.filter((_, at) => !(done.ended[at] instanceof Error));
  owed.handedIn(confirmed, done.position);
  owed.drained(done.drained);
}

/**
 * Ends reservations in one script call, and again for those whose team had to be loaded first. One whose
 * team can't be loaded answers an error for itself alone.
 */
async function endInShard(
  reach: Reach,
  keys: ShardKeys,
  endings: readonly Ending[],
  triesLeft = TRIES_MAX,
): Promise<BatchEnd> {
  const answer = await runSettle(reach, keys, endings);
  if (answer === 'epoch') {
    if (triesLeft === 0) {
      throw new Error(`Settling: shard ${keys.shard} is of another run again and again`);
    }
    await reach.projections.renew(keys.shard);
    return endInShard(reach, keys, endings, triesLeft - 1);
  }
  const [positions = '', ...lines] = answer.split('\n');
  const [drained = '', position = ''] = positions.split(' ');
  const ended = lines.map(endedFrom);
  const lacking = endings.filter((_, at) => ended[at] === undefined);
  if (lacking.length === 0) {
    return { ended: ended as Ended[], drained, position };
  }
  const faults = await loadTeams(reach, lacking, triesLeft);
  const loaded = lacking.filter((ending) => !faults.has(ending.teamId));
  const again =
    loaded.length === 0 ? undefined : await endInShard(reach, keys, loaded, triesLeft - 1);
  const late = (again?.ended ?? [])[Symbol.iterator]();
  return {
    // Each that is lacking either failed to load or has its answer in the second call, in order.
    ended: ended.map(
      (one, at) =>
        one ?? faults.get((endings[at] as Ending).teamId) ?? (late.next().value as Ended),
    ),
    drained,
    position: again?.position ?? position,
  };
}

async function runSettle(
  { connection }: Reach,
  keys: ShardKeys,
  endings: readonly Ending[],
): Promise<string> {
  const teamIds = [...new Set(endings.map((ending) => ending.teamId))];
  const { epoch, open, resolved, resolvedBefore, usage, lapsed } = keys;
  const fixed = [epoch, open, resolved, resolvedBefore, usage, lapsed];
  const lines = endings.map((ending) => {
    const { teamId, reservationId, manner, charge, most, cost, usageTokens, taken, event } = ending;
    const place = fixed.length + 1 + teamIds.indexOf(teamId);
    const numbers = `${charge} ${most} ${cost} ${usageTokens}`;
    return `${place} ${manner} ${numbers} ${teamId} ${reservationId} ${taken || NOTHING_TAKEN} ${event}`;
  });
  const names = [...fixed, ...teamIds.map(keys.team)];
  const taken = endings.map((ending) => ending.taken);
  const subjects = placeSubjects(taken, keys, names);
  const values = [runOf(connection), subjects, lines.join('\n')];
  return (await connection.script('settle', names, values)) as string;
}

/** Loads what is lacking; answers, by team, what could not be loaded. */
async function loadTeams(
  { projections }: Reach,
  lacking: readonly Ending[],
  triesLeft: number,
): Promise<Map<string, Error>> {
  const faults = new Map<string, Error>();
  const teamIds = new Set(lacking.map((ending) => ending.teamId));
  for (const teamId of teamIds) {
    try {
      if (triesLeft === 0) {
        throw new Error(`Settling: team ${teamId} cannot be loaded into the gate`);
      }
      await projections.project({ teamId });
    } catch (error) {
      faults.set(teamId, error as Error);
    }
  }
  return faults;
}

function endingOf(settlement: Settlement, reservation: HeldReservation | undefined): Ending {
  return {
    teamId: settlement.identity.teamId,
    reservationId: settlement.reservationId,
    manner: reservation?.isEnded === true ? 'late' : 'settle',
    charge: settlement.charge.toString(),
    most: (reservation?.microcredits ?? settlement.charge).toString(),
    cost: settlement.costNanoUsd.toString(),
    usageTokens: settlement.inputTokens + settlement.outputTokens,
    taken: settlement.taken,
    event: eventText(settlement),
  };
}

/** Undefined where the team has to be loaded first. */
function endedFrom(line: string): Ended | undefined {
  const [outcome, charged, excess, spendable] = line.split(' ');
  return outcome === 'missing_team'
    ? undefined
    : {
        outcome: outcome as Ended['outcome'],
        chargedMicrocredits: Number(charged),
        excessMicrocredits: Number(excess),
        spendableMicrocredits: Number(spendable),
      };
}
