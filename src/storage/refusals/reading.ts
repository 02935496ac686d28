import type { Redis } from 'ioredis';
import { REFUSALS } from '../../core/refusals.ts';
import type { RefusalCode } from '../../core/refusals.ts';
import type { RefusedCall, RefusedCalls, RefusedCount } from '../../core/refusals/refused-call.ts';
import { HOUR_MS } from '../../core/time.ts';
import type { Clock } from '../../core/time.ts';
import { gateReached } from '../gate-reached.ts';
import { hourOf, refusedKeys } from './keys.ts';
import { refusedFrom } from './text.ts';

const TRIED = 'Reading refusals';

/** Counts live for seven days; older hours need not be asked for. */
const HOURS_MAX = 7 * 24;

/** Reads what proxies kept. Throws GateUnavailable when Redis cannot answer. */
export function createRefusedCalls(redis: Redis, namespace: string, clock: Clock): RefusedCalls {
  const keys = refusedKeys(namespace);
  return {
    async find(id) {
      const text = await gateReached(TRIED, redis.get(keys.byId(id)));
      return text === null ? undefined : refusedFrom(text);
    },
    async ofTeam(teamId, limit) {
      const texts = await gateReached(TRIED, redis.lrange(keys.latest(teamId), 0, limit - 1));
      return texts.map(refusedFrom).filter((call): call is RefusedCall => call !== undefined);
    },
    async counts(teamId, since) {
      const hours = hoursSince(since.getTime(), clock());
      const asked = redis.pipeline();
      for (const hourMs of hours) {
        asked.hgetall(keys.counts(teamId, hourMs));
      }
      const answers = (await gateReached(TRIED, asked.exec())) ?? [];
      return answers.flatMap(([, fields], at) => countsIn(fields, hours[at] ?? 0));
    },
    async byBudget({ subject, meter }, from, to) {
      const isWithin = (hourMs: number): boolean => hourMs < to.getTime();
      const asked = redis.pipeline();
      for (const hourMs of hoursSince(from.getTime(), clock()).filter(isWithin)) {
        asked.hget(keys.budgetCounts(subject, hourMs), meter);
      }
      const answers = (await gateReached(TRIED, asked.exec())) ?? [];
      return answers.reduce((sum, [, calls]) => sum + Number(calls ?? 0), 0);
    },
  };
}

function hoursSince(sinceMs: number, nowMs: number): number[] {
  const last = hourOf(nowMs);
  const count = Math.min((last - hourOf(sinceMs)) / HOUR_MS + 1, HOURS_MAX);
  return Array.from({ length: Math.max(count, 0) }, (_, back) => last - back * HOUR_MS);
}

function countsIn(fields: unknown, hourMs: number): RefusedCount[] {
  return Object.entries((fields ?? {}) as Record<string, string>)
    .filter(([code]) => code in REFUSALS)
    .map(([code, calls]) => ({
      code: code as RefusalCode,
      hour: new Date(hourMs),
      calls: Number(calls),
    }));
}
