import type { KnownBlock } from '@slack/types';
import { SECOND_MS } from '../../core/time.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { TaskStanding } from '../standing.ts';
import { count } from './ceilings-words.ts';
import { firstOf, section } from './kit.ts';
import { moment } from './words.ts';

/** Those that need somebody; more are a broken worker, which a few of them show. */
const TROUBLED_SHOWN = 8;
/** A drain that is further behind deserves a look: usage that people see is this old. */
const DRAIN_LATE_MS = 30 * SECOND_MS;

/** How far the records are behind, and which tasks fail or are late; of all, when each last succeeded, if asked. */
export function workerSections(tasks: readonly TaskStanding[], isWhole: boolean): KnownBlock[] {
  const drain = tasks.find(({ task }) => task === 'drain');
  const troubled = troubledOf(tasks);
  const { shown, more } = firstOf(troubled, TROUBLED_SHOWN);
  const lines = [
    ...(drain === undefined ? [] : [drainLine(drain)]),
    summaryLine(tasks, troubled.length),
    ...shown.map(troubleLine),
    ...(more === undefined ? [] : [mrkdwn`_${more}_`]),
  ];
  const well = tasks.filter(({ succeededAt, health }) => succeededAt !== null && health === 'well');
  return [
    section(joined(lines, '\n')),
    ...(isWhole && well.length > 0 ? [section(joined(well.map(lastLine), '\n'))] : []),
  ];
}

/** Whether a task fails or is late, or none ever ran. */
export function needsLook(tasks: readonly TaskStanding[]): boolean {
  return troubledOf(tasks).length > 0 || ranOf(tasks).length === 0;
}

function troubledOf(tasks: readonly TaskStanding[]): TaskStanding[] {
  return tasks.filter(({ health }) => health === 'failing' || health === 'still');
}

function ranOf(tasks: readonly TaskStanding[]): TaskStanding[] {
  return tasks.filter(({ succeededAt, failingSince }) => succeededAt ?? failingSince);
}

function drainLine({ backlog, lagMs }: TaskStanding): Mrkdwn {
  if (backlog === 0) {
    return mrkdwn`🟢 *Drain* is up to date: the records say what the gate says`;
  }
  const sign = lagMs > DRAIN_LATE_MS ? '🟠' : '🟢';
  const events = backlog === 1 ? '1 event waits' : `${count(backlog)} events wait`;
  return mrkdwn`${sign} *Drain* is ${duration(lagMs)} behind, ${events}`;
}

function summaryLine(tasks: readonly TaskStanding[], troubled: number): Mrkdwn {
  const ran = ranOf(tasks);
  if (ran.length === 0) {
    return mrkdwn`🔴 *Worker* has never run: start one, else nothing is drained, told or reset`;
  }
  return troubled === 0
    ? mrkdwn`🟢 *Worker*: all ${ran.length} tasks are well`
    : mrkdwn`🔴 *Worker*: ${troubled} of ${ran.length} tasks ${troubled === 1 ? 'needs' : 'need'} a look`;
}

function troubleLine({ task, failingSince, succeededAt, complaint }: TaskStanding): Mrkdwn {
  const last =
    succeededAt === null ? mrkdwn`never succeeded` : mrkdwn`last success ${moment(succeededAt)}`;
  return failingSince === null
    ? mrkdwn`•  ${code(task)} stands still, ${last}`
    : mrkdwn`•  ${code(task)} failing since ${moment(failingSince)}, ${last}: ${complaint ?? 'it gives no reason'}`;
}

function lastLine({ task, succeededAt }: TaskStanding): Mrkdwn {
  return succeededAt === null
    ? mrkdwn``
    : mrkdwn`•  ${code(task)} succeeded ${moment(succeededAt)}`;
}

function duration(ms: number): string {
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : `${count(Math.round(ms / SECOND_MS))} s`;
}
