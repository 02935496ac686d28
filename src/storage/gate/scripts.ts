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
] as const;

export type ScriptName = (typeof NAMES)[number];

interface Script {
  readonly source: string;
  readonly sha: string;
}

const folder = new URL('scripts/', import.meta.url);
const arithmetic = readFileSync(new URL('arithmetic.lua', folder), 'utf8');

/** The shebang must stay first; what all scripts share stands right after it. */
function load(name: ScriptName): Script {
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  const firstLineEnd = text.indexOf('\n') + 1;
  const source = text.slice(0, firstLineEnd) + arithmetic + text.slice(firstLineEnd);
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

const SCRIPTS = Object.fromEntries(NAMES.map((name) => [name, load(name)])) as Record<
  ScriptName,
  Script
>;

/** Runs a script by its digest, and sends its text only when Redis does not know it. */
export async function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const { sha, source } = SCRIPTS[name];
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...values);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
      return redis.eval(source, keys.length, ...keys, ...values);
    }
    throw error;
  }
}
