// Topping up, the same from the command, from its form and from an alert.

import { showAlert } from '../core/alerts/tell-alert.ts';
import type { Repeated } from '../core/change.ts';
import { topUp } from '../core/credits/top-up.ts';
import type { TopUpPosted } from '../core/credits/top-up.ts';
import { once } from '../core/once.ts';
import { isRefusal } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { episodeOf } from './alert-reference.ts';
import { alreadyToppedUp, toppedUpSpeech } from './blocks/topped-up.ts';
import type { Call } from './call.ts';
import { moneyOf } from './readings.ts';

export interface TopUpValues {
  readonly team: string;
  /** Microcredits. */
  readonly credits: bigint;
  readonly reason: string;
}

/** What was posted; a `repeated` inside says that it was another request that posted it. */
export interface ToppedUp {
  readonly posted: TopUpPosted;
}

/** Posts once for this request, and never twice under one reference. */
export async function topUpFrom(
  call: Call,
  values: TopUpValues,
  reference: string,
): Promise<ToppedUp | Refusal | Repeated> {
  const wish = { teamId: values.team, amount: values.credits, reason: values.reason, reference };
  return once<ToppedUp>(call.bot.stores, `slack:${call.onceId}`, async (stores) => {
    const posted = await topUp(stores, call.actor, wish);
    return isRefusal(posted) ? posted : { posted };
  });
}

/** Tells the person the new balance; or who was first. */
export async function tellToppedUp(
  call: Call,
  teamId: string,
  { posted }: ToppedUp,
): Promise<void> {
  const { stores } = call.bot;
  const team = await stores.records.teams.find(teamId);
  if (team === undefined) {
    return;
  }
  const money = await moneyOf(stores, team);
  if (posted.repeated) {
    await call.reply(alreadyToppedUp(team, posted.entry, money));
    return;
  }
  await call.reply(toppedUpSpeech(team, posted.entry, money));
  const episodeId = episodeOf(posted.entry.reference);
  if (episodeId !== undefined) {
    // The worker closes the episode a moment later; who pressed the button sees it at once.
    const episode = await stores.records.alerts.find(episodeId);
    await (episode && showAlert(stores.records.posts, episode));
  }
}
