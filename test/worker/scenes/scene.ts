// What a scene is: something that a task has to do. What is there before, and what holds after it was done once.

import type { TaskName } from '../../../src/queue/tasks.ts';
import { BY_COST, CREDIT } from '../../support/credits.ts';
import type { TaskWorld } from '../task-world.ts';

export const MINUTE_S = 60;
export const HOUR_S = 60 * MINUTE_S;
export const DAY_S = 24 * HOUR_S;
export const USD = 1_000_000_000n;

export interface Scene {
  /** Brings something about that is due; answers the payload, and what to look at afterwards. */
  prepare(world: TaskWorld): Promise<Prepared>;
  /** What holds once it was done. Is never what held before. */
  readonly done: unknown;
  /** Where a run that comes so late does something else. */
  readonly late?: { readonly day?: unknown; readonly fortyDays?: unknown };
}

export type Scenes = { readonly [Name in TaskName]?: Scene };

export interface Prepared {
  readonly payload?: object;
  /** Looks, and changes nothing. */
  outcome(): Promise<unknown>;
  /** Makes the same work anew, where what there was is gone once Redis lost everything. */
  afterFlush?(): Promise<unknown>;
  /** Puts right what other scenes in the same world would stumble over. */
  clear?(): Promise<unknown>;
}

/** What the ledger has of a team, the oldest first. */
export async function kindsOf({ qm }: TaskWorld, id: string): Promise<string[]> {
  const entries = await qm.stores.records.ledger.history(id, 20);
  return entries.map(({ kind, amount }) => `${kind} ${amount / CREDIT}`).toReversed();
}

export async function audited({ qm }: TaskWorld, target: string, action: string): Promise<number> {
  return qm.postgres.auditEntry.count({ where: { target, action } });
}

export async function teamWith({ qm }: TaskWorld, credits: bigint) {
  return qm.team({ ...BY_COST, credits: credits * CREDIT });
}
