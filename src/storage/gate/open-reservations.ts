// The reservations that this process holds. A Redis that forgot them must hear of them again, before the
// credits they hold can be reserved by others.

import type { AdmissionAsk } from '../../core/gateway/gate.ts';
import type { GateConnection } from './connection.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';
import { NOTHING_TAKEN, placeSubjects } from './taken.ts';
import { abandonedText } from './usage-text.ts';

export interface HeldReservation {
  readonly microcredits: number;
  /** Its lapse is in the records, and the gate may have forgotten it. */
  readonly isEnded: boolean;
}

interface Held extends HeldReservation {
  readonly ask: AdmissionAsk;
  /** Of meters (see taken.ts). */
  readonly taken: string;
  readonly sinceMs: number;
  isEnded: boolean;
}

export interface OpenReservations {
  add(ask: AdmissionAsk, microcredits: number, taken: string): void;
  /** Answers what was known of it. */
  remove(reservationId: string): HeldReservation | undefined;
  /**
   * Opens again whatever the gate does not know; what it does know stays as it is. What the records have an
   * event of had lapsed: it stays ended.
   */
  reopenAll(): Promise<void>;
}

/** As many as one script call bears without holding anybody up. */
const AT_ONCE = 200;
/** A new epoch takes one try, loading teams another. */
const TRIES_MAX = 3;

async function noteEnded(
  source: Pick<ProjectionSource, 'alreadyDrained'>,
  page: readonly Held[],
): Promise<void> {
  const drained = await source.alreadyDrained(page.map((held) => held.ask.reservationId));
  for (const held of page) {
    held.isEnded ||= drained.has(held.ask.reservationId);
  }
}

export function createOpenReservations(
  connection: GateConnection,
  projections: Projections,
  source: Pick<ProjectionSource, 'alreadyDrained'>,
  shards: readonly ShardKeys[],
  deadlineMs: number,
): OpenReservations {
  const open = new Map<string, Held>();

  async function reopen(keys: ShardKeys, part: readonly Held[], triesLeft: number): Promise<void> {
    const teamIds = [...new Set(part.map((held) => held.ask.identity.teamId))];
    const fixed = [keys.epoch, keys.open, keys.resolved, keys.resolvedBefore];
    const names = [...fixed, ...teamIds.map(keys.team)];
    const takenAll = part.map((held) => held.taken);
    const subjects = placeSubjects(takenAll, keys, names);
    const values: (string | number)[] = [runOf(connection), deadlineMs, subjects];
    for (const { ask, microcredits, taken, sinceMs } of part) {
      const { teamId } = ask.identity;
      const place = fixed.length + 1 + teamIds.indexOf(teamId);
      const about = abandonedText(ask, sinceMs);
      values.push(place, teamId, ask.reservationId, microcredits, taken || NOTHING_TAKEN, about);
    }
    const answer = (await connection.script('reopen', names, values)) as string[];
    const isNew = answer[0] === 'epoch';
    const missing = part.filter((_, at) => isNew || answer[at] === 'missing_team');
    if (missing.length === 0) {
      return;
    }
    if (triesLeft === 0) {
      throw new Error(`Opening reservations again: ${missing.length} teams cannot be loaded`);
    }
    await (isNew ? projections.renew(keys.shard) : loadTeams(missing));
    await reopen(keys, missing, triesLeft - 1);
  }

  async function loadTeams(missing: readonly Held[]): Promise<void> {
    for (const teamId of new Set(missing.map((held) => held.ask.identity.teamId))) {
      await projections.project({ teamId });
    }
  }

  return {
    add: (ask, microcredits, taken) =>
      void open.set(ask.reservationId, {
        ask,
        microcredits,
        taken,
        sinceMs: Date.now(),
        isEnded: false,
      }),
    remove(reservationId) {
      const held = open.get(reservationId);
      open.delete(reservationId);
      return held;
    },
    async reopenAll() {
      const byShard = Map.groupBy(open.values(), (held) =>
        shardOf(held.ask.identity.organizationId),
      );
      for (const [shard, all] of byShard) {
        for (let at = 0; at < all.length; at += AT_ONCE) {
          const page = all.slice(at, at + AT_ONCE);
          await noteEnded(source, page);
          // A call may have ended while others were opened: then its settlement speaks for it.
          const part = page.filter((held) => open.has(held.ask.reservationId) && !held.isEnded);
          if (part.length > 0) {
            await reopen(shards[shard] as ShardKeys, part, TRIES_MAX);
          }
        }
      }
    },
  };
}
