// What tasks would do that work on more than the records: counted, not done.

import { countLeftovers } from '../src/storage/prune-leftovers.ts';
import { countOldCalls } from '../src/storage/prune-usage.ts';
import { countOpen } from '../src/storage/reaper.ts';
import { missingMonths } from '../src/storage/usage-months.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import type { Services } from '../src/services.ts';

type Preview = (services: Services, payload: unknown) => Promise<string[]>;

/** Each of these changes nothing. */
export const PREVIEWS: Readonly<Partial<Record<TaskName, Preview>>> = {
  'carry-proposal': async ({ stores }, payload) => {
    const { proposalId } = payload as { readonly proposalId: string };
    const found = await stores.records.approvals.find(proposalId);
    return [
      found?.status === 'approved'
        ? `would carry out ${found.action.kind} of proposal ${proposalId}, and tell it`
        : `would bring the messages of proposal ${proposalId} up to date: it is ${found?.status ?? 'unknown'}`,
    ];
  },
  'reap-reservations': async ({ gate, stores }) => {
    const nowMs = stores.clock();
    const counts = await Promise.all(gate.shards.map(async (keys) => countOpen(gate, keys, nowMs)));
    const sum = (of: 'open' | 'lapsed') => counts.reduce((all, each) => all + each[of], 0);
    return [`would end ${sum('lapsed')} lapsed reservations, of ${sum('open')} that are open`];
  },
  'turn-over-resolved': async ({ gate }) => {
    const kept = gate.shards.map(async (keys) => gate.connection.redis.exists(keys.resolvedBefore));
    const shards = (await Promise.all(kept)).filter((each) => each === 1).length;
    return [`would forget what ended before the last turn, in ${shards} shards`];
  },
  'make-usage-months': async ({ postgres, stores }) => {
    const months = await missingMonths(postgres, stores.clock());
    return months.map((month) => `would make the place of the calls of ${month}`);
  },
  prune: async ({ postgres, config, stores }) => {
    const nowMs = stores.clock();
    const { retentionDays } = config.usage;
    const calls = await countOldCalls(postgres, { retentionDays, nowMs });
    const leftovers = Object.entries(await countLeftovers(postgres, nowMs));
    return [['calls', calls] as const, ...leftovers]
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `would remove ${count} of ${what}`);
  },
};
