// BullMQ's own page. It is loaded when somebody opens it: most processes never need it.

import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { BOARD_PATH } from './session.ts';

/** Often enough to watch, seldom enough for Redis. */
const POLL_SECONDS = 5;

/** The page over a queue. Of what its buttons ask for, again.ts does two things; all else is refused. */
export async function openBoard(queue: Queue): Promise<FastifyInstance> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: [new BullMQAdapter(queue, { allowRetries: true })],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'Quartermaster',
        hideDocsLink: true,
        pollingInterval: { showSetting: true, forceInterval: POLL_SECONDS },
        miscLinks: [{ text: 'Sign out', url: `${BOARD_PATH}/sign-out` }],
      },
    },
  });
  const app = fastify({ logger: false });
  await app.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
  await app.ready();
  return app;
}
