// What happens by the clock, and in which of two ways. By BullMQ: what one worker of all must do (see
// everyMs in src/queue/tasks.ts). By node-cron: what each process does for itself, where nothing is lost
// when a beat is missed and nothing breaks when two processes do it.

import { schedule as scheduleCron } from 'node-cron';
import type { ScheduledTask } from 'node-cron';
import type { WorkerParts } from './parts.ts';

interface LocalTask {
  readonly name: string;
  /** Cron expression, in UTC. */
  readonly when: string;
  readonly run: (parts: WorkerParts) => Promise<void>;
}

export const LOCAL_TASKS: readonly LocalTask[] = [
  {
    name: 'forget-expired-links',
    when: '* * * * *',
    // One statement that any process may run: a second run finds nothing left.
    run: async ({ services }) => {
      const { records, clock } = services.stores;
      await records.links.forgetExpired(new Date(clock()));
    },
  },
];

/** Starts the local schedule; a task that is still running is not started again. */
export function startLocalSchedule(parts: WorkerParts): ScheduledTask[] {
  const { log } = parts.services;
  return LOCAL_TASKS.map(({ name, when, run }) =>
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
