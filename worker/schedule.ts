// What happens by the clock, and in which of two ways.
//
// By BullMQ: what one worker of all must do, be seen doing, and be tried again. Its schedule never catches
// up: after an outage there is one late run. So each of these tasks looks at the records for all that is
// due, and never at the time at which it was to run.
//
// No task is bound to an hour of a zone: what happens by an organization's calendar stands in the records with its
// moment (the next digest, the end of a budget's period, the next refill), reckoned in that zone when it was written,
// across changes of clocks. So a task only asks what is due, and an even rhythm does for all zones.
//
// By node-cron: what each process does for itself, where nothing is lost when a time is missed and nothing
// breaks when two processes do it. Its timers die with the process.

import { schedule as scheduleCron } from 'node-cron';
import type { ScheduledTask } from 'node-cron';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/core/time.ts';
import type { Rhythm } from '../src/queue/rhythm.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import { measureBacklogs } from './measure.ts';
import type { WorkerParts } from './parts.ts';

type FleetTask = Rhythm & {
  /** Why this rhythm. */
  readonly why: string;
};

/** One worker of all, by BullMQ. */
export const FLEET_SCHEDULE: Readonly<Partial<Record<TaskName, FleetTask>>> = {
  'reap-reservations': {
    everyMs: 2 * SECOND_MS,
    why: 'a held credit is useless until then, and looking costs one read a shard',
  },
  'turn-over-resolved': {
    everyMs: MINUTE_MS,
    why: 'what ended is remembered for one to two of these',
  },
  'lift-statuses': {
    everyMs: 5 * SECOND_MS,
    why: 'the gate lets calls through from the moment itself; this is how old what people read gets',
  },
  'lapse-proposals': {
    everyMs: 10 * SECOND_MS,
    why: 'a decision that is late is refused already; this is how old its messages get',
  },
  'expire-jobs': { everyMs: 5 * SECOND_MS, why: 'lives are hours, and looking reads one index' },
  reconcile: {
    everyMs: HOUR_MS,
    why: 'drift is a fault, and an hour is soon enough to hear of it',
  },
  'make-usage-months': {
    everyMs: 6 * HOUR_MS,
    why: 'months are made two ahead, and looking costs one read each',
  },
  prune: {
    everyMs: HOUR_MS,
    why: 'what is due moves at midnight; what a run did not get done waits for an hour',
  },
  'note-key-ends': {
    everyMs: 10 * SECOND_MS,
    why: 'the gate refuses from the moment itself; this is how old what people read gets',
  },
  'end-budget-periods': {
    everyMs: 5 * SECOND_MS,
    why: 'the gate starts over at the boundary itself; this is how old the history gets',
  },
  'refresh-prices': {
    everyMs: HOUR_MS,
    why: 'the package changes with an upgrade, and its dated prices on a day',
  },
  'verify-ledger': {
    everyMs: DAY_MS,
    why: 'it reads every entry; what it looks for is rare, and does not go away',
  },
  'verify-audit': {
    everyMs: DAY_MS,
    why: 'it reads the whole trail; what it looks for is rare, and does not go away',
  },
  'expire-credits': { everyMs: 10 * SECOND_MS, why: 'an end is set to the day' },
  'send-digests': { everyMs: MINUTE_MS, why: 'they are due in the morning, not at a second' },
  'refill-credits': {
    everyMs: 5 * SECOND_MS,
    why: 'thresholds are crossed minutes before the end',
  },
  'suspend-without-credits': {
    everyMs: 2 * SECOND_MS,
    why: 'the gate refuses calls already; this changes what they are told',
  },
  'watch-alerts': {
    everyMs: SECOND_MS,
    why: 'people react in minutes; a second keeps the alert close to the call that caused it',
  },
  'watch-other-alerts': {
    everyMs: 15 * SECOND_MS,
    why: 'budgets and errors are looked at by minutes, keys and forecasts by days',
  },
};

/** An alert that lasts for longer than half a year gets a new message. */
const POSTS_KEPT_MS = 183 * DAY_MS;

interface LocalTask {
  readonly name: string;
  /** Cron expression, in UTC. */
  readonly when: string;
  /** Why no queue has to hold it. */
  readonly why: string;
  readonly run: (parts: WorkerParts) => Promise<void>;
}

/** Each process for itself, by node-cron. */
export const LOCAL_SCHEDULE: readonly LocalTask[] = [
  {
    name: 'forget-expired-links',
    when: '* * * * *',
    why: 'one statement that any process may run: a second run finds nothing left',
    run: async ({ services }) => {
      const { records, clock } = services.stores;
      await records.links.forgetExpired(new Date(clock()));
    },
  },
  {
    name: 'keep-fleet-schedule',
    when: '*/20 * * * * *',
    why: 'it revives the queue itself, which may have been lost with Redis; twice is the same as once',
    run: async ({ services, queue }) => {
      const revived = await queue.schedule(FLEET_SCHEDULE, services.stores.clock());
      if (revived.length > 0) {
        services.log.warn({ revived }, 'tasks stood still, as after a clock that went back');
      }
    },
  },
  {
    name: 'forget-said-posts',
    when: '17 * * * *',
    why: 'one statement that any process may run: a second run finds nothing left',
    run: async ({ services }) => {
      const { records, clock } = services.stores;
      await records.posts.forget(new Date(clock() - POSTS_KEPT_MS));
    },
  },
  {
    name: 'measure-backlogs',
    when: '*/10 * * * * *',
    why: 'a reading that the next one replaces',
    run: measureBacklogs,
  },
];

/** Starts the local schedule; a task that is still running is not started again. */
export function startLocalSchedule(parts: WorkerParts): ScheduledTask[] {
  const { log } = parts.services;
  return LOCAL_SCHEDULE.map(({ name, when, run }) =>
    scheduleCron(
      when,
      async () => {
        try {
          await run(parts);
        } catch (error) {
          log.warn({ part: name, err: error }, `${name} failed, trying again at its next time`);
        }
      },
      { name, timezone: 'UTC', noOverlap: true },
    ),
  );
}
