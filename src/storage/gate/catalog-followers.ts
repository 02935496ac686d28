// Who serves models follows the catalog's version, and says how far it is: whoever changed the catalog waits for
// all of them before it answers. So a change holds on the next request of every proxy, and no request pays for it.

import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../../core/ids.ts';
import { GateUnavailable } from '../../core/faults.ts';
import type { GateConnection } from './connection.ts';

/** One small read of Redis by each proxy; a change is waited for about as long. */
const LOOK_EVERY_MS = 100;
/** A proxy that was silent for so long is gone: it cannot ask the gate, either. */
const FOLLOWER_LIFE_MS = 2_000;
/** Longer than a follower lives in silence, so that one that died holds nobody up for good. */
const WAIT_MAX_MS = 5_000;
const WAIT_STEP_MS = 20;

export interface CatalogFollowers {
  /** Tells everybody of a version, and waits until all who serve models have it. Throws GateUnavailable. */
  tell(version: bigint): Promise<void>;
  /** Calls `load` at once and whenever there is a newer version; it answers the version that it found. */
  follow(load: () => Promise<bigint>): Promise<Following>;
}

export interface Following {
  stop(): Promise<void>;
}

export function createCatalogFollowers(
  { redis }: Pick<GateConnection, 'redis'>,
  namespace: string,
  onComplaint: (complaint: string) => void,
): CatalogFollowers {
  const board: Board = {
    redis,
    newest: `${namespace}:catalog:version`,
    followers: `${namespace}:catalog:followers`,
    placeOf: (id) => `${namespace}:catalog:follower:${id}`,
  };
  return {
    async tell(version) {
      try {
        await tellAll(board, version);
      } catch (error) {
        const { message } = error as Error;
        throw new GateUnavailable(`Telling the proxies of models: ${message}`, { cause: error });
      }
    },
    follow: async (load) => follow(board, load, onComplaint),
  };
}

/** Where versions stand: the newest, and that of each follower. */
interface Board {
  readonly redis: GateConnection['redis'];
  readonly newest: string;
  readonly followers: string;
  readonly placeOf: (id: string) => string;
}

async function tellAll(board: Board, version: bigint): Promise<void> {
  const giveUpMs = Date.now() + WAIT_MAX_MS;
  await raise(board, version);
  while (await areBehind(board, version)) {
    if (Date.now() > giveUpMs) {
      throw new Error(`not every proxy has them within ${WAIT_MAX_MS} ms`);
    }
    await pause(WAIT_STEP_MS);
    // Somebody who told of an older one at the same time may have written it over ours.
    await raise(board, version);
  }
}

async function raise({ redis, newest }: Board, version: bigint): Promise<void> {
  const before = await redis.get(newest);
  if (before === null || BigInt(before) < version) {
    await redis.set(newest, String(version));
  }
}

async function areBehind({ redis, followers, placeOf }: Board, version: bigint): Promise<boolean> {
  const ids = await redis.smembers(followers);
  const found = await Promise.all(ids.map(async (id) => redis.get(placeOf(id))));
  const gone = ids.filter((_id, at) => found[at] === null);
  if (gone.length > 0) {
    await redis.srem(followers, ...gone);
  }
  return found.some((at) => at !== null && BigInt(at) < version);
}

async function follow(
  { redis, newest, followers, placeOf }: Board,
  load: () => Promise<bigint>,
  onComplaint: (complaint: string) => void,
): Promise<Following> {
  const id = newId();
  const stopping = new AbortController();
  let known = await load();
  let complaint = '';
  const say = async (): Promise<void> => {
    await redis.set(placeOf(id), String(known), 'PX', FOLLOWER_LIFE_MS);
    await redis.sadd(followers, id);
  };
  const look = async (): Promise<void> => {
    // In this order: whoever tells of a version after our look finds us among those who are behind.
    await say();
    const wanted = await redis.get(newest);
    if (wanted !== null && BigInt(wanted) > known) {
      known = await load();
      await say();
    }
  };
  const beat = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { ref: false });
      // A Redis that is away serves no calls, either; what cannot be loaded is tried again, and told once.
      const { message = '' } = (await look().catch((error: unknown) => error as Error)) ?? {};
      if (message !== '' && message !== complaint) {
        onComplaint(`Following the models: ${message}`);
      }
      complaint = message;
    }
  };
  await look();
  const beating = beat();
  return {
    async stop() {
      stopping.abort();
      await beating;
      await redis.srem(followers, id).catch(() => undefined);
      await redis.del(placeOf(id)).catch(() => undefined);
    },
  };
}
