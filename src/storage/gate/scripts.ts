import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

const NAMES = [
  'admit',
  'settle',
  'mark',
  'renew',
  'reopen',
  'project-team',
  'project-record',
  'project-catalog',
  'read-meters',
  'read-money',
  'forget-record',
  'withhold',
] as const;

export type ScriptName = (typeof NAMES)[number];

interface Script {
  readonly source: string;
  readonly sha: string;
}

const folder = new URL('scripts/', import.meta.url);
const part = (name: string): string => readFileSync(new URL(`${name}.lua`, folder), 'utf8');

/** Where the scripts have the time from: Redis itself, or a key that holds it in ms, for tests. */
function clockText(timeKey: string | undefined): string {
  return timeKey === undefined
    ? 'local now_ms = redis_ms'
    : `local function now_ms() return tonumber(redis.call('GET', '${timeKey}') or redis_ms()) end`;
}

/** A script with what it includes: each line `-- include <part>` stands for that part's text. */
function load(name: ScriptName, clock: string): Script {
  const whole = (text: string): string =>
    text.replaceAll(/^-- include ([\w-]+)$/gm, (_, included: string) =>
      included === 'clock' ? clock : whole(part(included)),
    );
  const source = whole(part(name));
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

/** Runs a script by its digest, and sends its text only when Redis does not know it. */
export type RunScript = (
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  values: readonly (string | number)[],
) => Promise<unknown>;

/** The gate's scripts. They take the time from Redis, unless a key is named that holds it. */
export function createScripts(timeKey?: string): RunScript {
  const clock = clockText(timeKey);
  const scripts = new Map(NAMES.map((name) => [name, load(name, clock)]));
  return async (redis, name, keys, values) => {
    // Every name was loaded.
    const { sha, source } = scripts.get(name) as Script;
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...values);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
        return redis.eval(source, keys.length, ...keys, ...values);
      }
      throw error;
    }
  };
}
