// Topping up, the same from the command, from its form and from an alert.

import { showAlert } from '../core/alerts/tell-alert.ts';
import { isRepeated } from '../core/change.ts';
import type { Repeated } from '../core/change.ts';
import type { Posted } from '../core/credits/entry.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Team } from '../core/teams/team.ts';
import { episodeOf } from './alert-reference.ts';
import { actOrAsk, postedBy } from './approvals/ask.ts';
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
  readonly posted: Posted;
}

/** Nobody means to add credits where every call is refused for good: it may have been archived a minute ago. */
export function complaintAboutFunding({ id, status }: Team): Refusal | undefined {
  const complaint = `it is archived, and its calls are refused; resume it first: /team resume ${id}`;
  return status === 'archived' ? refuse('value_invalid', { field: 'team', complaint }) : undefined;
}

/** Posts once for this request, and never twice under one reference. */
export async function topUpFrom(
  call: Call,
  values: TopUpValues,
  reference: string,
): Promise<ToppedUp | Refusal | Repeated> {
  const team = await call.bot.stores.records.teams.find(values.team);
  const complaint = team === undefined ? undefined : complaintAboutFunding(team);
  if (complaint !== undefined) {
    return complaint;
  }
  const done = await actOrAsk(call, {
    kind: 'top_up',
    teamId: values.team,
    amount: values.credits,
    reason: values.reason,
    reference,
  });
  return isRefusal(done) || isRepeated(done) ? done : { posted: postedBy(done) };
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
