// A connection to the gate knows which run of Redis it talks to. No command is ever repeated by the
// client library: whether a step happened is decided by the steps themselves, which bear repetition.

import { Redis } from 'ioredis';
import { GateUnavailable } from '../../core/faults.ts';
import { createScripts } from './scripts.ts';
import type { ScriptName } from './scripts.ts';

/** A gate that takes this long is as good as gone: its work is microseconds. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** First wait before connecting again; doubles up to the most, with jitter. */
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MOST_MS = 1_000;

export interface GateConnection {
  readonly redis: Redis;
  /** The run id of the Redis that answers, or undefined while there is none. */
  run(): string | undefined;
  /** Runs a script; throws GateUnavailable when it can't be known that it ran. */
  script(
    name: ScriptName,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown>;
  /** Calls back each time a Redis answers: `changed` if it is another run than before. */
  onReady(listener: (changed: boolean) => void): void;
  close(): void;
}

/** Opens a connection and keeps it open. Starts at once; `run()` tells when it is up. */
export function connectGate(
  url: string,
  onComplaint: (complaint: string) => void,
  timeKey?: string,
): GateConnection {
  const runScript = createScripts(timeKey);
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => {
      const ceiling = Math.min(RECONNECT_FIRST_MS * 2 ** attempt, RECONNECT_MOST_MS);
      return ceiling / 2 + Math.random() * (ceiling / 2);
    },
  });
  let run: string | undefined;
  let lastRun: string | undefined;
  const listeners: ((changed: boolean) => void)[] = [];

  redis.on('error', (error: Error) => onComplaint(error.message));
  redis.on('close', () => {
    run = undefined;
  });
  const begin = async (): Promise<void> => {
    try {
      const found = await learnRun(redis);
      const changed = lastRun !== undefined && lastRun !== found;
      run = found;
      lastRun = found;
      for (const listener of listeners) {
        listener(changed);
      }
    } catch {
      // Without a run id nothing may pass; connecting again asks again.
      redis.disconnect(true);
    }
  };
  redis.on('ready', () => void begin());

  return {
    redis,
    run: () => run,
    async script(name, keys, values) {
      if (run === undefined) {
        throw new GateUnavailable('Asking the gate: Redis is not connected, see its log');
      }
      try {
        corkForThisTurn(redis);
        return await runScript(redis, name, keys, values);
      } catch (error) {
        throw new GateUnavailable(`Running ${name} in the gate: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
    onReady: (listener) => void listeners.push(listener),
    close: () => redis.disconnect(),
  };
}

/** What is sent in one turn leaves in one write: a system call costs more than a script. */
function corkForThisTurn({ stream }: Redis): void {
  if (stream.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}

async function learnRun(redis: Redis): Promise<string> {
  const info = await redis.info('server');
  const run = /^run_id:(\w+)/m.exec(info)?.[1];
  if (run === undefined) {
    throw new GateUnavailable('Reading INFO: no run_id in the answer, is this Redis?');
  }
  return run;
}

/** The run that the connection talks to; throws while there is none. */
export function runOf(connection: GateConnection): string {
  const run = connection.run();
  if (run === undefined) {
    throw new GateUnavailable('Asking the gate: Redis is not connected, see its log');
  }
  return run;
}
