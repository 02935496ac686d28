// A Quartermaster in a time that the test sets, with workers' parts beside it: their Postgres is behind a
// door that can be shut, and they may be made to die after so many steps.

import { pino } from 'pino';
import { Secret } from '../../src/config/secret.ts';
import type { Config } from '../../src/config.ts';
import { openQueue } from '../../src/queue/queue.ts';
import type { TaskQueue } from '../../src/queue/queue.ts';
import type { TaskName } from '../../src/queue/tasks.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { WorkerParts } from '../../worker/parts.ts';
import { PROCESSORS } from '../../worker/processors.ts';
import { openParts } from '../../worker/worker.ts';
import type { KeyIdentity } from '../../src/core/gateway/gate.ts';
import { waitFor } from '../support/wait-for.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';
import { mortal } from './mortal.ts';

export const OPERATORS = 'C0OPS';

const HANDING_IN_S = 5;
const NOBODY: KeyIdentity = {
  hash: 'none',
  lastFour: '',
  keyId: 'none',
  teamId: 'none',
  organizationId: 'none',
  userId: undefined,
};
const NOWHERE = '0'.repeat(32);

export interface TaskWorld extends AsyncDisposable {
  readonly qm: TimedQuartermaster;
  readonly parts: WorkerParts;
  readonly queue: TaskQueue;
  /** Between `parts` and Postgres. */
  readonly door: Interceptor;
  readonly workspace: RunningWorkspace;
  /** Runs a task as a worker would, in this process. */
  run(task: TaskName, payload: object, parts?: WorkerParts): Promise<void>;
  /** A worker that dies at its step of this number, and whether it lived to see it. */
  dying(atStep: number): { readonly parts: WorkerParts; isDead(): boolean };
  /** What the workers logged. */
  logged(): Readonly<Record<string, unknown>>[];
  /** Redis loses everything, and the gate takes notice. */
  flushRedis(): Promise<void>;
}

export async function startTaskWorld(): Promise<TaskWorld> {
  const [qm, workspace] = await Promise.all([
    startTimedQuartermaster(),
    startWorkspace({ port: 0 }),
  ]);
  const door = await startInterceptor(qm.databaseUrl);
  const postgres = connectPostgres(door.url);
  const lines: string[] = [];
  const config = {
    ...qm.config,
    redisUrl: qm.redisUrl,
    gateNamespace: qm.namespace,
    alerts: {
      lowCreditPercent: 20,
      budgetPercents: [80],
      keyExpiryDays: [7, 1],
      operatorsChannel: OPERATORS,
    },
    slack: { botToken: new Secret(workspace.botToken), apiUrl: `${workspace.url}/api/` },
  } as unknown as Config;
  const parts = openParts({
    config,
    log: pino({ level: 'info' }, { write: (line) => void lines.push(line) }),
    postgres,
    gate: qm.gate,
    source: createProjectionSource(postgres),
    stores: { ...qm.stores, records: createRecords(postgres) },
    [Symbol.asyncDispose]: async () => postgres.$disconnect(),
  });
  return {
    qm,
    parts,
    queue: parts.queue,
    door,
    workspace,
    run: async (task, payload, by = parts) => {
      const processor = PROCESSORS[task] as (by: WorkerParts, payload: unknown) => Promise<void>;
      await processor(by, payload);
    },
    dying(atStep) {
      const { wrap, isDead } = mortal(atStep);
      const { services, queue, slack, roles } = parts;
      const stores = {
        ...services.stores,
        records: wrap(services.stores.records),
        gate: wrap(services.stores.gate),
      };
      const { gate } = services;
      const { connection, settling } = gate;
      const dying = {
        ...services,
        stores,
        postgres: wrap(services.postgres),
        source: wrap(services.source),
        gate: {
          ...gate,
          connection: { ...connection, redis: wrap(connection.redis) },
          settling: wrap(settling),
        },
      };
      return { parts: { services: dying, queue: wrap(queue), slack, roles }, isDead };
    },
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    async flushRedis() {
      await qm.gate.connection.redis.flushdb();
      await qm.setTime(qm.nowMs());
      await Promise.all(qm.gate.shards.map(async ({ shard }) => qm.gate.renew(shard)));
      // A gate that came back waits for what proxies hand in.
      await qm.passSeconds(HANDING_IN_S);
      const isBack = async (): Promise<boolean> =>
        qm.gate.probe(NOBODY, NOWHERE).then(
          () => true,
          (error: Error) => !error.message.includes('just came back'),
        );
      await waitFor(isBack, { what: 'the gate to let calls in again' });
    },
    async [Symbol.asyncDispose]() {
      await openQueue(qm.redisUrl, qm.namespace, () => undefined).close();
      await parts.queue.close();
      await postgres.$disconnect();
      await door.close();
      await workspace.close();
      await qm[Symbol.asyncDispose]();
    },
  };
}
