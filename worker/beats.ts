// Work that each worker does for itself, in a beat of its own. Safe in any number of workers: the drain
// holds its shard's lock in Postgres, the relay skips what another one holds.

import { setTimeout as pause } from 'node:timers/promises';
import { subjectFrom } from '../src/core/ceilings/subject.ts';
import type { DomainEvent } from '../src/core/events.ts';
import { keepBudgetPeriods, subjectOfEvent } from '../src/core/budgets/keep-periods.ts';
import { settleEndedJob } from '../src/core/jobs/end-job.ts';
import { createDrainer } from '../src/storage/drainer.ts';
import { createWebhookClient } from '../src/webhook-client/post.ts';
import { announceToWebhooks } from '../src/core/webhooks/announce.ts';
import { createJobKeeper } from '../src/storage/keep-jobs.ts';
import { relayOutbox } from '../src/storage/outbox.ts';
import { followHomes } from './follow-homes.ts';
import { note } from './run-task.ts';
import type { WorkerParts } from './parts.ts';
import { sayPosts } from './say-posts.ts';
import { createWebhookSender } from './send-webhooks.ts';

/** An idle look costs a few reads; this is how old usage in the records gets. */
const DRAIN_EVERY_MS = 200;
const RELAY_EVERY_MS = 250;
/** People in a channel read this late of what was done; looking costs one read of an index. */
const POSTS_EVERY_MS = 250;
/** A person who looks at their home tab sees this late what others did; looking costs two reads of an index. */
const HOMES_EVERY_MS = 1_000;
/** People who test their endpoint wait for it. */
const WEBHOOKS_EVERY_MS = 500;
const WEBHOOKS_GRACE_MS = 3_000;
/** Well within the wait of a new epoch, after which others could be given what jobs hold. */
const KEEP_JOBS_EVERY_MS = 500;
/** A beat is noted as well at most this often: its rows are for people. */
const NOTED_EVERY_MS = 10_000;
/** After a failure: the records or the gate need a moment. */
const AFTER_FAILURE_MS = 1_000;

export interface Beat {
  stop(): Promise<void>;
}

/** Runs `work` again and again, never twice at once; right away while there is more to do. */
export function startBeat(
  everyMs: number,
  work: () => Promise<boolean>,
  onFailure: (error: unknown) => void,
): Beat {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => undefined;
  const rest = async (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, ms);
    });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (!(await work())) {
          await rest(everyMs);
        }
      } catch (error) {
        onFailure(error);
        await rest(AFTER_FAILURE_MS * (1 + Math.random()));
      }
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      wake();
      await running;
    },
  };
}

/** Starts all beats. */
export function startBeats(parts: WorkerParts): Beat[] {
  return [
    startNoted(parts, 'drain', DRAIN_EVERY_MS, drain(parts)),
    startNoted(parts, 'relay', RELAY_EVERY_MS, async () => relay(parts)),
    startNoted(parts, 'posts', POSTS_EVERY_MS, sayPosts(parts)),
    startNoted(parts, 'home-tabs', HOMES_EVERY_MS, followHomes(parts)),
    startNoted(parts, 'keep-jobs', KEEP_JOBS_EVERY_MS, keepJobs(parts)),
    startWebhooks(parts),
  ];
}

/** Sends webhooks; at its end what is under way may finish, within the time that a try may take. */
function startWebhooks(parts: WorkerParts): Beat {
  const { stores, log } = parts.services;
  const client = createWebhookClient(stores.settings.webhooks);
  const sender = createWebhookSender(stores, client.post, (error) =>
    log.warn({ part: 'webhooks', err: error }, 'how a webhook went could not be noted'),
  );
  const beat = startNoted(
    parts,
    'webhooks',
    WEBHOOKS_EVERY_MS,
    async () => (await sender.send()) > 0,
  );
  return {
    async stop() {
      await beat.stop();
      await Promise.race([sender.settled(), pause(WEBHOOKS_GRACE_MS)]);
      // What was cut off comes again when its lease is over, with the same id.
      await client.close();
    },
  };
}

/** A beat whose health can be seen, as that of a task. */
function startNoted(
  parts: WorkerParts,
  name: string,
  everyMs: number,
  work: () => Promise<boolean>,
): Beat {
  const { stores, log } = parts.services;
  let notedMs = -Infinity;
  let startedMs = 0;
  const notedWork = async (): Promise<boolean> => {
    startedMs = stores.clock();
    const more = await work();
    if (Math.abs(startedMs - notedMs) >= NOTED_EVERY_MS) {
      notedMs = startedMs;
      await note(parts, { task: name, startedAt: new Date(startedMs), everyMs: NOTED_EVERY_MS });
    }
    return more;
  };
  return startBeat(everyMs, notedWork, (error) => {
    log.warn({ part: name, err: error }, `${name} failed, trying again`);
    notedMs = -Infinity;
    void note(parts, { task: name, startedAt: new Date(startedMs) }, { error, isLast: false });
  });
}

function keepJobs({ services }: WorkerParts): () => Promise<boolean> {
  const { postgres, gate, stores } = services;
  const keeper = createJobKeeper(postgres, gate, stores);
  return async () => {
    await keeper();
    return false;
  };
}

function drain({ services }: WorkerParts): () => Promise<boolean> {
  const { postgres, gate, log } = services;
  const drainer = createDrainer(postgres, gate);
  return async () => {
    const { setAside, more } = await drainer();
    if (setAside > 0) {
      log.error(
        { part: 'drain', setAside },
        'usage events were set aside; "npm run set-aside" lists them',
      );
    }
    return more;
  };
}

async function relay(parts: WorkerParts): Promise<boolean> {
  const { postgres, stores } = parts.services;
  const told = await relayOutbox(postgres, async (event, id) => {
    await announceToWebhooks(stores, event, id);
    await tell(parts, event, String(id));
    const subject = subjectOfEvent(event);
    if (subject !== undefined) {
      await keepBudgetPeriods(stores, subject);
    }
  });
  return told > 0;
}

/** Where each event goes. */
async function tell(parts: WorkerParts, event: DomainEvent, id: string): Promise<void> {
  const { gate } = parts.services;
  switch (event.kind) {
    case 'organization.changed':
      return gate.project({ organizationId: event.organizationId });
    case 'team.changed':
    case 'credits.posted':
      return gate.project({ teamId: event.teamId });
    case 'key.changed':
      return gate.project({ keyId: event.keyId });
    case 'user.changed':
      return gate.project({ organizationId: event.organizationId, userId: event.userId });
    case 'member.changed':
      return gate.project({ teamId: event.teamId, memberId: event.memberId });
    case 'spend.brought':
      return recount(parts, event);
    case 'job.ended':
      return settleEndedJob(parts.services.stores, event.jobId);
    case 'catalog.changed':
      return gate.project({ catalog: true });
    case 'proposal.changed':
      return parts.queue.ask('carry-proposal', { proposalId: event.proposalId }, `outbox-${id}`);
    // Slack is told by posts, which were written with these.
    case 'grant.expiring':
    case 'alert.changed':
      return undefined;
  }
}

async function recount(
  { services }: WorkerParts,
  { subject: name, organizationId }: DomainEvent & { kind: 'spend.brought' },
): Promise<void> {
  const subject = subjectFrom(name);
  if (subject !== undefined) {
    await services.gate.recount(subject, organizationId);
  }
}
