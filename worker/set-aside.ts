// `npm run set-aside`: lists the usage events that could not be written. `-- --retry` tries all of them again,
// `-- --retry 13/1763712000000-0` the one of that name; then the gate is compared with the records, and built anew where
// it differs.

import { Fault } from '../src/core/faults.ts';
import { reconcileAll } from '../src/storage/reconcile-all.ts';
import { retrySetAside } from '../src/storage/set-aside.ts';
import type { SetAsideName } from '../src/storage/set-aside.ts';
import { argumentsFor, command, say } from './command.ts';

/** A screen or two; the rest is told by their number. */
const SHOWN_MAX = 100;

const { values, positionals } = argumentsFor('set-aside', {
  options: { retry: { type: 'boolean', default: false } },
  allowPositionals: true,
});
await command('set-aside', async (services) => {
  if (values.retry) {
    const [name] = positionals;
    const { written, refused } = await retrySetAside(
      services.postgres,
      name === undefined ? undefined : nameFrom(name),
    );
    for (const { shard, position, complaint } of refused) {
      say(`${shard}/${position}  still not: ${complaint}`);
    }
    const { drifts } = await reconcileAll(services, {}, { repair: written.length > 0 });
    say(
      `${written.length} written, ${refused.length} still set aside, ${drifts.length} of the gate mended`,
    );
    process.exitCode = refused.length > 0 ? 1 : 0;
  } else {
    const rows = await services.postgres.setAsideEvent.findMany({
      orderBy: { createdAt: 'asc' },
      take: SHOWN_MAX,
    });
    for (const { shard, position, complaint, createdAt } of rows) {
      say(`${shard}/${position}  ${createdAt.toISOString()}  ${complaint}`);
    }
    say(`${await services.postgres.setAsideEvent.count()} set aside`);
  }
});

function nameFrom(text: string): SetAsideName {
  const [, shard = '', position = ''] = /^(\d{1,2})\/(\d+-\d+)$/.exec(text) ?? [];
  if (shard === '') {
    throw new Fault(
      `Retry what was set aside: "${text}" is no name of one, write it as listed, like 13/1763712000000-0`,
    );
  }
  return { shard: Number(shard), position };
}
