// A low-credit alert is one message, kept current in place. States: not posted → posted (its stamp is
// remembered) → updated, any number of times. A process may die between posting and remembering, so a
// message without a stamp is first looked for in the channel, by what its metadata says.

import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Logger } from 'pino';
import type { AlertEpisode } from '../core/alerts/episode.ts';
import { isLow } from '../core/alerts/low-credit.ts';
import type { Stores } from '../core/stores.ts';
import type { Team } from '../core/teams/team.ts';
import { alertReference } from './alert-reference.ts';
import { alertSpeech } from './blocks/alert.ts';
import type { Speech } from './blocks/kit.ts';
import { inChannel } from './news.ts';
import { forecastOf, moneyOf } from './readings.ts';

/** What announcing works with; a Bot has it all. */
export interface Announcer {
  readonly client: WebClient;
  readonly stores: Stores;
  readonly log: Logger;
  /** Where alerts of teams without a channel go; nowhere if absent. */
  readonly operatorsChannel?: string | undefined;
}

const ALERT_EVENT_TYPE = 'quartermaster_alert';
/** Slack gives at most so many at once; an alert that was just posted is among the newest. */
const HISTORY_LIMIT = 200;

/**
 * Posts the alert of an episode, or brings its message up to date. May be called any number of times.
 * Throws what Slack or the records throw: the caller tries again.
 */
export async function announceAlert(announcer: Announcer, episodeId: string): Promise<void> {
  const { records } = announcer.stores;
  const episode = await records.alerts.find(episodeId);
  const team = episode && (await records.teams.find(episode.teamId));
  if (episode === undefined || team === undefined) {
    return;
  }
  const speech = await speechOf(announcer.stores, episode, team);
  const message = { ...speech, metadata: metadataOf(episode) };
  const posted = await findPosted(announcer, episode, team);
  if (posted !== undefined) {
    await announcer.client.chat.update({ channel: posted.channelId, ts: posted.stamp, ...message });
    if (episode.messageStamp === null) {
      await records.alerts.remember(episode.id, posted);
    }
    return;
  }
  // What ended before it was ever told needs no telling.
  if (episode.closedAt === null) {
    await post(announcer, episode, team, message);
  }
}

async function speechOf(stores: Stores, episode: AlertEpisode, team: Team): Promise<Speech> {
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

function metadataOf(episode: AlertEpisode) {
  return {
    event_type: ALERT_EVENT_TYPE,
    event_payload: { episode: episode.id, team: episode.teamId },
  };
}

interface Posted {
  readonly channelId: string;
  readonly stamp: string;
}

async function findPosted(
  announcer: Announcer,
  episode: AlertEpisode,
  team: Team,
): Promise<Posted | undefined> {
  if (episode.messageStamp !== null && episode.channelId !== null) {
    return { channelId: episode.channelId, stamp: episode.messageStamp };
  }
  for (const channelId of placesOf(announcer, team)) {
    const stamp = await findInChannel(announcer, channelId, episode);
    if (stamp !== undefined) {
      return { channelId, stamp };
    }
  }
  return undefined;
}

/** The team's channel, and where to turn if it can't be reached. */
function placesOf(announcer: Announcer, team: Team): string[] {
  const places = [team.channelId, announcer.operatorsChannel];
  return [...new Set(places.filter((place) => place !== null && place !== undefined))];
}

async function findInChannel(
  { client }: Announcer,
  channelId: string,
  episode: AlertEpisode,
): Promise<string | undefined> {
  try {
    const { messages = [] } = await client.conversations.history({
      channel: channelId,
      oldest: String(Math.floor(episode.openedAt.getTime() / 1000)),
      include_all_metadata: true,
      limit: HISTORY_LIMIT,
    });
    return messages.find((message) => isAlertOf(message.metadata, episode.id))?.ts;
  } catch (error) {
    if (isOutOfReach(error)) {
      return undefined;
    }
    throw error;
  }
}

function isAlertOf(
  metadata: { event_type?: string; event_payload?: unknown } | undefined,
  episodeId: string,
): boolean {
  const payload = metadata?.event_payload as { episode?: unknown } | undefined;
  return metadata?.event_type === ALERT_EVENT_TYPE && payload?.episode === episodeId;
}

async function post(
  announcer: Announcer,
  episode: AlertEpisode,
  team: Team,
  message: Speech & { metadata: ReturnType<typeof metadataOf> },
): Promise<void> {
  for (const channelId of placesOf(announcer, team)) {
    try {
      const { ts } = await inChannel(announcer, channelId, async () =>
        announcer.client.chat.postMessage({ channel: channelId, ...message, unfurl_links: false }),
      );
      await announcer.stores.records.alerts.remember(episode.id, { channelId, stamp: ts ?? '' });
      return;
    } catch (error) {
      if (!isOutOfReach(error)) {
        throw error;
      }
      announcer.log.warn({ err: error, channelId, team: team.id }, 'An alert found no way there');
    }
  }
  announcer.log.error({ team: team.id }, 'An alert could not be posted: no channel can be reached');
}

/** Slack's words for a channel that the bot can't post in, whatever it does. */
const OUT_OF_REACH = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'method_not_supported_for_channel_type',
]);

function isOutOfReach(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && OUT_OF_REACH.has(error.data.error);
}
