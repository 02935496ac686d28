// What web and worker agree on: every task, its payload, how it is tried again, and what it promises. When
// it runs by itself stands in worker/schedule.ts; process-local loops, whose own locks make them safe in
// every worker, in worker/beats.ts.

import { z } from 'zod';
import { MINUTE_MS, SECOND_MS } from '../core/time.ts';
import type { Retries, TaskKind } from './task-kind.ts';

/** It runs again by itself soon: trying this run again would only do the same work beside it. */
const BY_NEXT_RUN: Retries = { attempts: 1, firstWaitMs: SECOND_MS, longestWaitMs: SECOND_MS };
/** A look at an index and a few changes; what takes longer is stuck. */
const SHORT_MS = 30 * SECOND_MS;
/** A page of changes with a lock each. */
const PAGE_MS = 2 * MINUTE_MS;

const nothing = z.strictObject({});
const SEE_RECORDS = 'see that Postgres answers, then its log for the statement that failed';
const SEE_GATE = 'see that Redis answers and has memory left; "npm run reconcile" shows the damage';
const NEXT_RUN = 'the next run does what is left';

export const TASKS = {
  'carry-proposal': {
    does: 'does what was approved, and brings its messages up to date',
    payload: z.strictObject({ proposalId: z.string() }),
    // With waits of up to five minutes these last for two days: longer than Slack was ever away.
    retries: { attempts: 600, firstWaitMs: SECOND_MS, longestWaitMs: 5 * MINUTE_MS },
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'what was approved is done once; its messages are brought up to date twice',
      late: 'it is shown as the records have it when it is said',
      half: 'what is to be said is queued in one change; the next try does the rest',
    },
    cure: 'see that Slack and the gate answer; "/approvals show" says how a proposal stands',
    rehearsal: 'preview',
  },
  'lapse-proposals': {
    does: 'ends proposals whose time is over, and reminds of those that wait',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'each proposal expires once, unless somebody decided first, and is reminded of once',
      late: 'a decision after its time is refused from the moment itself; its messages say it late',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'reap-reservations': {
    does: 'ends reservations that nobody ended: settles what was marked, releases the rest',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'each lapsed reservation ends once: settled for what was marked, or released',
      late: 'what was held stays held meanwhile, and is charged by its last mark',
      half: NEXT_RUN,
    },
    cure: SEE_GATE,
    rehearsal: 'preview',
  },
  'turn-over-resolved': {
    does: 'has the gate forget which reservations ended long ago',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'the gate forgets sooner which reservations ended, never within a minute',
      late: 'the gate remembers longer',
      half: 'the other shards turn over with the next run',
    },
    cure: SEE_GATE,
    rehearsal: 'preview',
  },
  'lift-statuses': {
    does: 'writes down suspensions and pauses that ended by themselves',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'a suspension that has ended is written down as ended once',
      late: 'the gate lets calls through from the moment itself; people read it late',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'expire-jobs': {
    does: 'ends jobs that outlived their time, and gives back what they held',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'each job that outlived its time ends once, and gives back what it held',
      late: 'what jobs hold stays held meanwhile',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  reconcile: {
    does: 'compares gate and records of every team, and says what differs',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: 30 * MINUTE_MS,
    promise: {
      twice: 'says twice what differs between gate and records, and changes nothing',
      late: 'compares what is there now',
      half: 'says what it found so far',
    },
    cure: SEE_GATE,
    rehearsal: 'reads',
  },
  'make-usage-months': {
    does: 'makes the places for the calls of this month and the next two',
    payload: nothing,
    retries: { attempts: 3, firstWaitMs: MINUTE_MS, longestWaitMs: 5 * MINUTE_MS },
    deadlineMs: PAGE_MS,
    promise: {
      twice:
        'there is a place for the calls of this month and the next two; who comes second finds it',
      late: 'calls of a month without a place find the one for all others',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'preview',
  },
  prune: {
    does: 'removes calls that their organization keeps no longer, and notes that nobody needs',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: 55 * MINUTE_MS,
    promise: {
      twice:
        'calls go when their organization keeps them no longer, and notes when nobody needs them',
      late: 'they stay longer',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'preview',
  },
  'note-key-ends': {
    does: 'writes down and tells that a key has ended, or the secret before its rotation',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice:
        'the end of a key, or of the secret before its rotation, is written down and told once',
      late: 'the gate refused it from the moment itself; people read it late',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'end-budget-periods': {
    does: 'writes the history of budget periods that are over',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: PAGE_MS,
    promise: {
      twice: 'each period of a budget that is over is one line of its history',
      late: 'the gate started over at the boundary; missed periods without spend become one line, of the last is told',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'refresh-prices': {
    does: 'applies prices that changed, and tells of them',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'each change of a price is applied and told once',
      late: 'calls are charged by the price before; the change is that between then and now',
      half: 'nothing: all prices change together',
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'verify-ledger': {
    does: 'says which accounts do not hold what their entries say',
    payload: nothing,
    retries: { attempts: 3, firstWaitMs: MINUTE_MS, longestWaitMs: 5 * MINUTE_MS },
    deadlineMs: 60 * MINUTE_MS,
    promise: {
      twice: 'says twice which accounts do not hold what their entries say, and changes nothing',
      late: 'reads every entry as it is then',
      half: 'says nothing; the next run begins anew',
    },
    cure: SEE_RECORDS,
    rehearsal: 'reads',
  },
  'verify-audit': {
    does: 'says whether the audit trail holds',
    payload: nothing,
    retries: { attempts: 3, firstWaitMs: MINUTE_MS, longestWaitMs: 5 * MINUTE_MS },
    deadlineMs: 60 * MINUTE_MS,
    promise: {
      twice: 'says twice whether the audit trail holds, and changes nothing',
      late: 'reads the whole trail as it is then',
      half: 'says nothing; the next run begins anew',
    },
    cure: SEE_RECORDS,
    rehearsal: 'reads',
  },
  'expire-credits': {
    does: 'takes what is left of grants that have ended, and warns before',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: PAGE_MS,
    promise: {
      twice: 'what nobody will use of an ended grant goes once; who loses some is told once before',
      late: 'ended grants go then; until then they could be used, and a warning may come after the end',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'refill-credits': {
    does: 'posts the refills that are due',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: PAGE_MS,
    promise: {
      twice: 'each refill that is due is posted once',
      late: 'the present period is paid, what was missed is not; a threshold is paid as it is now',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'suspend-without-credits': {
    does: 'suspends teams that wish so when nothing is left',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'a team that wishes so is suspended once when nothing is left; a funding always wins',
      late: 'who was funded meanwhile is not suspended; the gate refused calls all the time',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'send-digests': {
    does: 'queues the digests that are due',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'each digest that is due is queued once, by whoever moves it to its next time',
      late: 'of those that were missed the last is told, with a word of how many there were before it',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'watch-alerts': {
    does: 'opens, changes and closes alerts about low credit',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: SHORT_MS,
    promise: {
      twice: 'one episode for each crossing',
      late: 'opens and closes by what is true now: a dip that is over is not told',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
  'watch-other-alerts': {
    does: 'the same for budgets, keys, grants, refills, unusual usage and failing calls',
    payload: nothing,
    retries: BY_NEXT_RUN,
    deadlineMs: PAGE_MS,
    promise: {
      twice: 'finds the same, and changes nothing',
      late: 'opens and closes by what is true now: what is over is not told',
      half: NEXT_RUN,
    },
    cure: SEE_RECORDS,
    rehearsal: 'records',
  },
} as const satisfies Record<string, TaskKind>;

export type TaskName = keyof typeof TASKS;
export type PayloadOf<Name extends TaskName> = z.output<(typeof TASKS)[Name]['payload']>;

export const TASK_NAMES = Object.keys(TASKS) as TaskName[];

/** The table with its rows as one type, for code that treats all tasks alike. */
export function taskKind(name: TaskName): TaskKind {
  return TASKS[name];
}

/** Whether a text from outside names a task of this version. */
export function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(TASKS, name);
}
