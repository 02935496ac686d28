import { parseArgs } from 'node:util';
import { drainAll } from '../src/storage/drain-all.ts';
import { cpuMsOf, fillStream, makeCustomers, startScene } from './drain-scene.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '40000' },
    teams: { type: 'string', default: '100' },
  },
});
await using stack = new AsyncDisposableStack();
const scene = await startScene(stack);
const customers = await makeCustomers(scene, Number(values.teams), 5);
for (let round = 0; round < 3; round += 1) {
  await fillStream(scene, customers, Number(values.events));
  const pg = await cpuMsOf(scene.postgresPid),
    rd = await cpuMsOf(scene.redisPid),
    own = process.cpuUsage();
  const began = performance.now();
  let events = 0;
  for (;;) {
    const d = await drainAll(scene.postgres, scene.gate);
    events += d.events;
    if (d.events === 0) {
      break;
    }
  }
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(own);
  const each = (x: number) => ((x / events) * 1000).toFixed(1);
  console.log(
    events,
    'events',
    Math.round((events / ms) * 1000),
    '/s; us each: node',
    each((user + system) / 1000),
    'pg',
    each((await cpuMsOf(scene.postgresPid)) - pg),
    'redis',
    each((await cpuMsOf(scene.redisPid)) - rd),
    'rss',
    Math.round(process.memoryUsage().rss / 1e6),
  );
}
process.exit();
