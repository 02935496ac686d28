// A proxy is killed at each point that a call passes, many times, with calls under way. Each time: what was
// delivered whole before is charged once, what it left open is resolved by the deadline's rule, and gate,
// ledger and meters agree.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  balanceOf,
  callsOf,
  CHARGES,
  compileOnce,
  CRASH_CONFIG,
  crashTeam,
  expectBalanced,
  expectIdentity,
  keysOf,
  startProxyProcess,
} from '../support/crash-scene.ts';
import type { Books, CrashTeam, ProxyProcess } from '../support/crash-scene.ts';
import type { Stage } from '../support/held-provider.ts';
import type { CallSeen, ObservedCall } from '../support/observed-call.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { waitFor } from '../support/wait-for.ts';
import { scriptCall } from '../support/wire.ts';

/** Killed at each point; with the points below this is 64. */
const ROUNDS = 8;
/** As many processes are at work as the machine that this is made for has cores. */
const LANES = 2;
/** Calls that end before anything dies, and calls under way when it does. */
const CALLS_BEFORE = 2;
const CALLS_UNDER_WAY = 6;
const STREAMS_UNDER_WAY = CALLS_UNDER_WAY / 2;

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster({
    configText: CRASH_CONFIG,
    addresses: { HELD_PROVIDER: 'http://127.0.0.1:9/v1' },
    reservationDeadlineMs: 2_000,
  });
  await compileOnce(qm);
});
afterAll(async () => qm[Symbol.asyncDispose]());

interface Round {
  readonly proxy: ProxyProcess;
  readonly team: CrashTeam;
  readonly begin: () => ObservedCall[];
}

interface Point {
  readonly name: string;
  /** Brings the process to the point. Answers the calls under way. */
  readonly reach: (round: Round) => Promise<ObservedCall[]>;
  /** How many reservations stand open right after the kill: at least, and at most. */
  readonly held: readonly [least: number, most: number];
  /** What is known of the calls under way, once they are resolved. */
  readonly charged: (books: Books, before: readonly CallSeen[]) => void;
}

const trapAt =
  (script: 'admit' | 'settle', hold: 'before' | 'after', stage: Stage) =>
  async ({ proxy, begin }: Round): Promise<ObservedCall[]> => {
    proxy.provider.allow('nothing');
    if (script === 'admit') {
      const sprung = proxy.door.trap(await scriptCall('admit'), hold);
      const calls = begin();
      await sprung;
      return calls;
    }
    const calls = begin();
    await proxy.provider.arrived(CALLS_UNDER_WAY);
    const sprung = proxy.door.trap(await scriptCall('settle'), hold);
    proxy.provider.allow(stage);
    await sprung;
    return calls;
  };

const streamAt =
  (stage: Stage, whenThere: (round: Round, calls: ObservedCall[]) => Promise<unknown>) =>
  async (round: Round): Promise<ObservedCall[]> => {
    round.proxy.provider.allow('nothing');
    const calls = round.begin();
    await round.proxy.provider.arrived(CALLS_UNDER_WAY);
    round.proxy.provider.allow(stage);
    await whenThere(round, calls);
    return calls;
  };

const isBegun = async (calls: ObservedCall[], bytes: number): Promise<unknown> =>
  waitFor(() => calls.every((call) => !call.stream || call.bytes() > bytes), {
    what: 'every stream to have begun',
  });

/** Charges of calls that were under way, apart from those that had ended before. */
function chargesUnderWay(books: Books, before: readonly CallSeen[]): bigint[] {
  const ids = new Set(before.map((call) => call.id));
  return books.events.filter((event) => !ids.has(event.id)).map((event) => event.charge);
}

const nothingIsCharged: Point['charged'] = (books, before) =>
  expect(chargesUnderWay(books, before).filter((charge) => charge > 0n)).toEqual([]);
const anything: Point['charged'] = () => undefined;

const POINTS: readonly Point[] = [
  {
    name: 'before reserve',
    reach: trapAt('admit', 'before', 'nothing'),
    held: [0, 0],
    charged: nothingIsCharged,
  },
  {
    name: 'after reserve',
    reach: trapAt('admit', 'after', 'nothing'),
    held: [1, CALLS_UNDER_WAY],
    charged: nothingIsCharged,
  },
  {
    name: 'upstream request sent',
    reach: streamAt('nothing', async () => undefined),
    held: [CALLS_UNDER_WAY, CALLS_UNDER_WAY],
    charged: nothingIsCharged,
  },
  {
    name: 'first byte',
    reach: streamAt('first byte', async (_, calls) => isBegun(calls, 0)),
    held: [CALLS_UNDER_WAY, CALLS_UNDER_WAY],
    charged: anything,
  },
  {
    name: 'middle of a stream, marked',
    reach: streamAt('middle', async ({ team }, calls) => {
      await isBegun(calls, 1_000);
      await waitFor(async () => (await markedOf(team)) === STREAMS_UNDER_WAY, {
        what: 'every stream to be marked',
      });
    }),
    held: [CALLS_UNDER_WAY, CALLS_UNDER_WAY],
    charged: (books, before) => {
      const charges = chargesUnderWay(books, before).filter((charge) => charge > 0n);
      expect(charges).toHaveLength(STREAMS_UNDER_WAY);
      expect(books.events.filter((event) => event.estimated && event.charge > 0n)).toHaveLength(
        STREAMS_UNDER_WAY,
      );
    },
  },
  {
    name: 'last byte',
    reach: streamAt('last byte', async ({ proxy }) => proxy.provider.answered(1)),
    held: [0, CALLS_UNDER_WAY],
    charged: anything,
  },
  {
    name: 'before settle',
    reach: trapAt('settle', 'before', 'last byte'),
    held: [1, CALLS_UNDER_WAY],
    charged: anything,
  },
  {
    name: 'after settle',
    reach: trapAt('settle', 'after', 'last byte'),
    held: [0, CALLS_UNDER_WAY - 1],
    charged: (books, before) => {
      const whole = books.events.filter((event) => !event.estimated && event.charge > 0n);
      expect(whole.length).toBeGreaterThan(before.length);
    },
  },
];

/** How many open reservations of a team are marked with a charge. */
async function markedOf(team: CrashTeam): Promise<number> {
  const open = await qm.gate.connection.redis.hvals(keysOf(qm).open);
  return open.filter((packed) => {
    const [, owner, , charge] = packed.split('|');
    return owner === team.id && Number(charge) > 0;
  }).length;
}

async function openOf(team: CrashTeam): Promise<number> {
  const open = await qm.gate.connection.redis.hvals(keysOf(qm).open);
  return open.filter((packed) => packed.split('|')[1] === team.id).length;
}

/** Kills a proxy at a point. Answers the check of what is left, which has to wait for the deadline. */
async function killAt(point: Point, proxy: ProxyProcess, number: number) {
  const where = `${point.name}, round ${number}`;
  try {
    const team = await crashTeam(qm, number % 2 === 0 ? 'job_based' : 'consumption_usd');
    proxy.provider.allow('last byte');
    const before = await Promise.all(
      callsOf(proxy.url, team, CALLS_BEFORE).map(async (call) => call.ended),
    );
    expect(before.map((call) => call.delivered)).toEqual([true, true]);
    expect((await balanceOf(qm, team)).charged).toBe(CHARGES[team.mode] * BigInt(CALLS_BEFORE));
    proxy.provider.reset();
    const underWay = await point.reach({
      proxy,
      team,
      begin: () => callsOf(proxy.url, team, CALLS_UNDER_WAY),
    });
    await proxy.child.kill9();
    const seen = await Promise.all(underWay.map(async (call) => call.ended));
    await expectIdentity(qm, team, where);
    const [least, most] = point.held;
    await expect.poll(async () => openOf(team)).toBeGreaterThanOrEqual(least);
    expect(await openOf(team)).toBeLessThanOrEqual(most);
    return async () => {
      const books = await expectBalanced(qm, team, [...before, ...seen], where);
      point.charged(books, before);
    };
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  } finally {
    await proxy.close();
  }
}

/** Rounds one after the other, while the process of the next one starts already. */
async function lane(point: Point, numbers: readonly number[]) {
  const checks: (() => Promise<void>)[] = [];
  let next = startProxyProcess(qm);
  for (const [at, number] of numbers.entries()) {
    const proxy = await next;
    const isLast = at === numbers.length - 1;
    const after = isLast ? undefined : startProxyProcess(qm);
    // Whatever happens in this round, the process that starts meanwhile is waited for.
    const [done, started] = await Promise.allSettled([killAt(point, proxy, number), after]);
    if (done.status === 'rejected') {
      await (started.status === 'fulfilled' ? started.value?.close() : undefined);
      throw done.reason;
    }
    checks.push(done.value);
    if (after !== undefined) {
      next = after;
    }
  }
  return checks;
}

test.each(POINTS)(
  `a proxy killed at "$name", ${ROUNDS} times, leaves books that agree`,
  async (point) => {
    const numbers = Array.from({ length: ROUNDS }, (_, at) => at);
    const lanes = Array.from({ length: LANES }, async (_, at) =>
      lane(
        point,
        numbers.filter((number) => number % LANES === at),
      ),
    );
    const checks = (await Promise.all(lanes)).flat();
    expect(checks).toHaveLength(ROUNDS);
    for (const check of checks) {
      await check();
    }
  },
  120_000,
);
