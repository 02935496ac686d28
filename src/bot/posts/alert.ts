import { isLow } from '../../core/alerts/low-credit.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { alertReference } from '../alert-reference.ts';
import { alertSpeech } from '../blocks/alert.ts';
import type { Speech } from '../blocks/kit.ts';
import { forecastOf, moneyOf } from '../readings.ts';
import type { Standing } from './renderers.ts';

/** The message of an episode as it is true now. What ended before it was ever told needs no telling. */
export async function alertPost(
  stores: Stores,
  [first]: readonly Post<'alert'>[],
  { isSaid }: Standing,
): Promise<Speech | undefined> {
  const { records } = stores;
  const episode = first && (await records.alerts.find(first.facts.episodeId));
  const team = episode && (await records.teams.find(episode.teamId));
  if (episode === undefined || team === undefined || (episode.closedAt !== null && !isSaid)) {
    return undefined;
  }
  const money = await moneyOf(stores, team);
  // A top-up ends it for whoever looks, a moment before the worker closes the episode.
  const balance = { balance: money.spendable, allotment: money.allotment };
  const endedAt = isLow(balance, episode.thresholdPercent) ? null : new Date(stores.clock());
  return alertSpeech({
    team,
    money,
    forecast: await forecastOf(stores, team, money),
    thresholdPercent: episode.thresholdPercent,
    closedAt: episode.closedAt ?? endedAt,
    reference: alertReference(episode.id, money.fundingSequence),
    nowMs: stores.clock(),
  });
}
