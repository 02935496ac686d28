// What people do with alerts in Slack, and what is said about it. Who comes second is told who was first.

import { acknowledgeAlert, handBackAlert, snoozeAlert, wakeAlert } from '../core/alerts/handle.ts';
import type { Handled } from '../core/alerts/handle.ts';
import type { Snooze } from '../core/alerts/snooze.ts';
import { sentence } from './blocks/kit.ts';
import { moment, person } from './blocks/words.ts';
import type { Call } from './call.ts';
import { mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';

/** Says that this person is at it. */
export async function seeAlert(call: Call, episodeId: string): Promise<void> {
  await tellIfVoid(
    call,
    await acknowledgeAlert(call.bot.stores, call.actor, episodeId),
    ({ episode: { seenBy, seenAt } }) =>
      seenBy === null || seenAt === null
        ? mrkdwn`Somebody changed this alert at the same moment.`
        : mrkdwn`${person(seenBy)} has been seeing to it since ${moment(seenAt)}.`,
  );
}

/** Takes that back, whoever said it. */
export async function freeAlert(call: Call, episodeId: string): Promise<void> {
  await tellIfVoid(
    call,
    await handBackAlert(call.bot.stores, call.actor, episodeId),
    () => mrkdwn`Nobody is at this alert.`,
  );
}

/** Keeps an alert silent for some time. */
export async function silenceAlert(
  call: Call,
  wish: { readonly episodeId: string; readonly snooze: Snooze },
): Promise<void> {
  const { stores } = call.bot;
  await tellIfVoid(
    call,
    await snoozeAlert(stores, call.actor, wish.episodeId, wish.snooze),
    ({ episode: { snoozedUntil, snoozedBy } }) =>
      snoozedUntil === null || snoozedBy === null
        ? mrkdwn`This alert is silent already.`
        : mrkdwn`${person(snoozedBy)} has silenced this alert until ${moment(snoozedUntil)}.`,
  );
}

/** Ends the silence of an alert. */
export async function unsilenceAlert(call: Call, episodeId: string): Promise<void> {
  await tellIfVoid(
    call,
    await wakeAlert(call.bot.stores, call.actor, episodeId),
    () => mrkdwn`This alert is not silent any more.`,
  );
}

async function tellIfVoid(
  call: Call,
  done: Handled | undefined,
  why: (done: Handled) => Mrkdwn,
): Promise<void> {
  if (done?.changed === true) {
    return;
  }
  const isOver = done === undefined || done.episode.closedAt !== null;
  const reason = isOver ? mrkdwn`This alert is over.` : why(done);
  await call.reply(sentence(mrkdwn`${reason} Nothing was changed.`));
}
