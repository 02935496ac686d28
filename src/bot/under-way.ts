// Whose answer is still to come. It is known to this process, for its own stop, and to all of them, for its end
// without one: each says every few seconds that it is alive, and looks for requests of those that no longer do.

import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { tellBrokenOff } from '../core/asking/asked-request.ts';
import type { AskedRequests } from '../core/asking/asked-request.ts';
import { newId } from '../core/ids.ts';
import type { Stores } from '../core/stores.ts';
import { SECOND_MS } from '../core/time.ts';
import type { Call } from './call.ts';

export interface UnderWay {
  /** Does the work of a call, which is under way until that is over. */
  during<Answer>(call: Call, work: () => Promise<Answer>): Promise<Answer>;
  /** Who waits at this moment. */
  waiting(): readonly Call[];
  /** Says from now on that this process is alive, and looks after the requests of others. */
  start(): void;
  /** No answer will come to these, and they know it. Ends what `start` began. */
  stop(told: readonly Call[]): Promise<void>;
}

export interface Pace {
  readonly everyMs: number;
  /** How long a process is believed to be alive. */
  readonly lifeMs: number;
}

/** A person hears within 20 s that nobody works for them any more; a pause of 12 s is none that a process makes. */
const PACE: Pace = { everyMs: 3 * SECOND_MS, lifeMs: 12 * SECOND_MS };

/** Part of the time that a process is given to stop. */
const STOP_WAIT_MS = 200;

export function createUnderWay(
  stores: Pick<Stores, 'records' | 'clock'>,
  requests: AskedRequests,
  log: Logger,
  { everyMs, lifeMs }: Pace = PACE,
): UnderWay {
  const holder = newId();
  const open = new Map<string, Call>();
  const forget = forgetting(requests);
  const complain = (error: unknown): void =>
    log.info({ err: error }, 'Requests under way could not be looked after');
  const living = repeating(everyMs, complain, async () => {
    await requests.beat(holder, lifeMs);
    await forget([]);
  });
  // By itself: it waits for Postgres, and who waits is alive.
  const watching = repeating(everyMs, complain, lookingAfterOthers(stores, requests, log));
  return {
    async during(call, work) {
      const id = newId();
      const { userId, channelId, text, onceId } = call;
      const request = { id, userId, channelId, text, onceId, askedAtMs: stores.clock() };
      open.set(id, call);
      // It is on its way before the work begins; nobody waits for it.
      const noted = requests.begin(holder, request).catch((error: unknown) => {
        log.info({ err: error }, 'A request was not noted as under way');
      });
      try {
        return await work();
      } finally {
        open.delete(id);
        await noted;
        await forget([id]).catch(() => undefined);
      }
    },
    waiting: () => [...open.values()],
    start() {
      living.start();
      watching.start();
    },
    async stop(told) {
      await Promise.all([living.stop(), watching.stop()]);
      const ids = [...open].filter(([, call]) => told.includes(call)).map(([id]) => id);
      await forget(ids).catch((error: unknown) => {
        log.warn({ err: error }, 'Requests that are over are still noted as under way');
      });
    },
  };
}

/** Ends the note of requests that are over; what could not be ended is ended with the next ones. */
function forgetting(requests: AskedRequests): (ids: readonly string[]) => Promise<void> {
  const over = new Set<string>();
  return async (ids) => {
    ids.forEach((id) => over.add(id));
    const gone = [...over];
    if (gone.length > 0) {
      await requests.end(gone);
      gone.forEach((id) => over.delete(id));
    }
  };
}

/** Tells of what is found twice in a row: after Redis was away, processes need a moment to say that they are alive. */
function lookingAfterOthers(
  stores: Pick<Stores, 'records'>,
  requests: AskedRequests,
  log: Logger,
): () => Promise<void> {
  let suspects = new Set<string>();
  return async () => {
    const deserted = await requests.deserted();
    for (const request of deserted.filter(({ id }) => suspects.has(id))) {
      if (await tellBrokenOff(stores, requests, request)) {
        log.warn({ request: request.id }, 'A request was broken off with its process');
      }
    }
    suspects = new Set(deserted.map(({ id }) => id));
  };
}

/** Does it again and again, never twice at once. `stop` waits a moment for what goes on. */
function repeating(
  everyMs: number,
  onFailure: (error: unknown) => void,
  work: () => Promise<void>,
) {
  const stopping = new AbortController();
  const { signal } = stopping;
  let going = Promise.resolve();
  const go = async (): Promise<void> => {
    while (!signal.aborted) {
      await work().catch(onFailure);
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    start() {
      going = go();
    },
    async stop() {
      stopping.abort();
      const enough = new AbortController();
      const late = pause(STOP_WAIT_MS, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([going, late]);
      enough.abort();
    },
  };
}
