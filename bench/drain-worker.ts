// The drain as a worker runs it, in a process of its own: goes and pauses when its parent says so.

import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { createDrainer } from '../src/storage/drainer.ts';
import { connectScene } from './drain-scene.ts';

/** As worker/beats.ts waits where nothing is to be done. */
const IDLE_MS = 200;

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const [, , databaseUrl = '', redisUrl = ''] = process.argv;
await using stack = new AsyncDisposableStack();
const { postgres, gate } = await connectScene(stack, { databaseUrl, redisUrl });
const drain = createDrainer(postgres, gate);
let isGoing = false;
// Said once, and only between two rounds: whoever compares waits until nothing is written any more.
let isPauseSaid = true;
process.on('message', (wish) => {
  isGoing = wish === 'go';
  if (isGoing) {
    isPauseSaid = false;
    process.send?.('going');
  }
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
for (;;) {
  const { more } = isGoing ? await drain() : { more: false };
  if (!isGoing && !isPauseSaid) {
    isPauseSaid = true;
    process.send?.('paused');
  }
  if (!more) {
    await pause(isGoing ? IDLE_MS : 1);
  }
}
