// Proxies keep what they refuse, so that people can be told why. Nothing waits for it: a refusal is noted in
// memory and written with its neighbours a moment later. Invariant: memory is bounded, whatever clients do;
// what is too much is counted and not kept one by one, and while Redis is away even counts may be lost.

import type { Redis } from 'ioredis';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { RefusedCall, RememberRefusal } from '../../core/refusals/refused-call.ts';
import { DAY_MS, SECOND_MS } from '../../core/time.ts';
import type { Clock } from '../../core/time.ts';
import { hourOf, NOBODY, refusedKeys } from './keys.ts';
import { refusedText } from './text.ts';

/** A person who asks a moment later finds it, and a thousand refusals a second make ten writes. */
const WRITE_EVERY_MS = 100;
/** Of one team at once; a storm repeats itself, so the first tell what all have in common. */
const DETAILS_BURST = 20;
/** After that one more each few seconds: 17,000 a day, some 10 MB, for a team that never stops. */
const DETAIL_EVERY_MS = 5 * SECOND_MS;
/** Waiting to be written: past it a proxy would hold megabytes for a Redis that is away. */
const WAITING_MAX = 2_000;
/** Teams whose allowance is remembered. */
const ALLOWANCES_MAX = 10_000;
/** What a person scrolls through. */
const LATEST_KEPT = 200;
const BY_ID_LIFE_MS = DAY_MS;
const COUNTS_LIFE_MS = 7 * DAY_MS;

export interface Remembering {
  readonly remember: RememberRefusal;
  /** Writes what waits; never throws. */
  flush(): Promise<void>;
  /** Writes what waits for the last time. */
  stop(): Promise<void>;
}

interface RememberingOptions {
  readonly redis: Redis;
  readonly namespace: string;
  readonly clock: Clock;
  readonly onComplaint: (complaint: string) => void;
}

interface CountWaiting {
  /** Where in Redis, and under which of its names. */
  readonly key: string;
  readonly name: string;
  calls: number;
}

/** Begins to keep what is refused. */
export function createRemembering(options: RememberingOptions): Remembering {
  const { redis, namespace, clock, onComplaint } = options;
  const keys = refusedKeys(namespace);
  const mayDetail = createAllowances(clock);
  let details: { readonly teamId: string; readonly call: RefusedCall }[] = [];
  let counts = new Map<string, CountWaiting>();

  const remember: RememberRefusal = (id, refusal) => {
    const atMs = clock();
    const teamId = refusal.seen?.teamId ?? NOBODY;
    const hourMs = hourOf(atMs);
    count(counts, keys.counts(teamId, hourMs), refusal.refused);
    const hit = refusal.refused === 'budget_exceeded' ? refusal.seen?.hit : undefined;
    if (hit !== undefined) {
      count(counts, keys.budgetCounts(subjectText(hit.subject), hourMs), hit.meter);
    }
    if (details.length < WAITING_MAX && mayDetail(teamId)) {
      details.push({ teamId, call: { id, at: new Date(atMs), refusal } });
    }
  };

  async function flush(): Promise<void> {
    if (counts.size === 0 || redis.status !== 'ready') {
      return;
    }
    const written = redis.pipeline();
    for (const { teamId, call } of details) {
      const text = refusedText(call);
      written.lpush(keys.latest(teamId), text);
      written.ltrim(keys.latest(teamId), 0, LATEST_KEPT - 1);
      written.pexpire(keys.latest(teamId), COUNTS_LIFE_MS);
      written.set(keys.byId(call.id), text, 'PX', BY_ID_LIFE_MS);
    }
    for (const { key, name, calls } of counts.values()) {
      written.hincrby(key, name, calls);
      written.pexpire(key, COUNTS_LIFE_MS);
    }
    details = [];
    counts = new Map();
    try {
      await written.exec();
    } catch (error) {
      onComplaint(`Keeping refusals, some are lost: ${(error as Error).message}`);
    }
  }

  const timer = setInterval(() => void flush(), WRITE_EVERY_MS);
  timer.unref();
  return {
    remember,
    flush,
    stop: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

function count(waiting: Map<string, CountWaiting>, key: string, name: string): void {
  const both = `${key} ${name}`;
  const known = waiting.get(both);
  if (known !== undefined) {
    known.calls += 1;
  } else if (waiting.size < WAITING_MAX) {
    waiting.set(both, { key, name, calls: 1 });
  }
}

/** Says for each team whether one more may be kept one by one. */
function createAllowances(clock: Clock): (teamId: string) => boolean {
  /** When a team's allowance is whole again: each detail moves it on by the time that one takes. */
  const wholeAtMs = new Map<string, number>();
  return (teamId) => {
    const nowMs = clock();
    const wholeMs = Math.max(wholeAtMs.get(teamId) ?? nowMs, nowMs);
    if (wholeMs - nowMs > (DETAILS_BURST - 1) * DETAIL_EVERY_MS) {
      return false;
    }
    if (wholeAtMs.size >= ALLOWANCES_MAX) {
      wholeAtMs.clear();
    }
    wholeAtMs.set(teamId, wholeMs + DETAIL_EVERY_MS);
    return true;
  };
}
