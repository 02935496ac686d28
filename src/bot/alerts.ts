// What people do with alerts in Slack, and what is said about it.

import { acknowledgeAlert, snoozeAlert } from '../core/alerts/handle.ts';
import { HOUR_MS } from '../core/time.ts';
import { SNOOZE_HOURS } from './blocks/alert-handling.ts';
import { sentence } from './blocks/kit.ts';
import { moment, person } from './blocks/words.ts';
import type { Call } from './call.ts';
import { mrkdwn } from './escape.ts';

/** Says that this person is at it; who comes second is told who was first. */
export async function seeAlert(call: Call, episodeId: string): Promise<void> {
  const done = await acknowledgeAlert(call.bot.stores, call.actor, episodeId);
  if (done?.changed === true) {
    return;
  }
  const { seenBy, seenAt } = done?.episode ?? { seenBy: null, seenAt: null };
  await call.reply(
    seenBy === null || seenAt === null
      ? sentence(mrkdwn`This alert is over. Nothing was changed.`)
      : sentence(mrkdwn`${person(seenBy)} has been seeing to it since ${moment(seenAt)}.`),
  );
}

/** Keeps an alert silent for some hours. */
export async function silenceAlert(call: Call, episodeId: string): Promise<void> {
  const forMs = SNOOZE_HOURS * HOUR_MS;
  const done = await snoozeAlert(call.bot.stores, call.actor, episodeId, forMs);
  if (done?.changed !== true) {
    await call.reply(sentence(mrkdwn`This alert is over, or silent already. Nothing was changed.`));
  }
}
