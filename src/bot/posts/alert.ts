import { isSilent } from '../../core/alerts/episode.ts';
import type { AlertEpisode, AlertStep } from '../../core/alerts/episode.ts';
import { isLow } from '../../core/alerts/low-credit.ts';
import { policyOf } from '../../core/alerts/tell-alert.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { alertReference } from '../alert-reference.ts';
import { alertSpeech } from '../blocks/alert.ts';
import type { AlertHandling } from '../blocks/alert-handling.ts';
import { alertOfKind } from '../blocks/alert-of-kind.ts';
import type { Left } from '../blocks/alert-of-kind.ts';
import { stepsSpeech } from '../blocks/alert-step.ts';
import type { Speech } from '../blocks/kit.ts';
import { exhaustionFor, forecastOf, moneyOf } from '../readings.ts';
import type { Standing } from './renderers.ts';

/** The message of an episode as it is true now. What ended before it was ever told needs no telling. */
export async function alertPost(
  stores: Stores,
  [first]: readonly Post<'alert'>[],
  { isSaid }: Standing,
): Promise<Speech | undefined> {
  const found = first && (await read(stores, first.facts.episodeId));
  if (found === undefined || (found.episode.closedAt !== null && !isSaid)) {
    return undefined;
  }
  const { episode, team, handling } = found;
  return episode.kind === 'low_credit' && team !== undefined
    ? creditAlert(stores, { ...found, team })
    : alertOfKind({ episode, handling, left: await leftOf(stores, found) });
}

/** Of a team that suddenly uses much, how long that can last. */
async function leftOf(stores: Stores, { episode, team }: Found): Promise<Left | undefined> {
  if (team === undefined || episode.kind !== 'unusual_usage' || episode.closedAt !== null) {
    return undefined;
  }
  const money = await moneyOf(stores, team);
  return {
    money,
    forecast: await forecastOf(stores, team, money),
    exhaustion: await exhaustionFor(stores, team, money),
    nowMs: stores.clock(),
  };
}

/** What happened to an episode; nothing where its message was never said. */
export async function alertStepPost(
  stores: Stores,
  posts: readonly Post<'alert.step'>[],
  { isSaid }: Standing,
): Promise<Speech | undefined> {
  const [first] = posts;
  const found = first && (await read(stores, first.facts.episodeId));
  if (found === undefined || !isSaid) {
    return undefined;
  }
  const { episode, handling } = found;
  const steps = tellable(
    posts.map((post) => post.facts.step),
    episode,
  );
  const owner = isSettled(episode) ? null : handling.owner;
  return steps.length === 0 ? undefined : stepsSpeech(steps, { kind: episode.kind, owner });
}

/** Nobody needs to be reminded of what is over, or of what somebody is at. */
function isSettled({ closedAt, seenBy }: AlertEpisode): boolean {
  return closedAt !== null || seenBy !== null;
}

/** The steps, with the last reminder that still fits: a silence that was ended, or begun anew, has none. */
function tellable(steps: readonly AlertStep[], episode: AlertEpisode): readonly AlertStep[] {
  const { stage, severity, facts, snoozedUntil } = episode;
  const others = steps.filter(({ what }) => what !== 'reminder');
  const reminder = steps.findLast(
    ({ what, at }) => what === 'reminder' && snoozedUntil?.toISOString() === at,
  );
  return reminder === undefined || isSettled(episode)
    ? others
    : [...others, { ...reminder, stage, severity, facts }];
}

interface Found {
  readonly episode: AlertEpisode;
  /** Undefined where it is of no single team. */
  readonly team: Team | undefined;
  readonly handling: AlertHandling;
}

async function read(stores: Stores, episodeId: string): Promise<Found | undefined> {
  const { records } = stores;
  const episode = await records.alerts.find(episodeId);
  if (episode === undefined) {
    return undefined;
  }
  const { teamId } = episode;
  const team = teamId === null ? undefined : await records.teams.find(teamId);
  const { owner } = await policyOf(stores, records, episode);
  const { seenBy, seenAt, snoozedBy } = episode;
  const snoozedUntil = isSilent(episode, stores.clock()) ? episode.snoozedUntil : null;
  return { episode, team, handling: { episodeId, owner, seenBy, seenAt, snoozedUntil, snoozedBy } };
}

async function creditAlert(
  stores: Stores,
  { episode, team, handling }: Found & { readonly team: Team },
): Promise<Speech> {
  const { records } = stores;
  const money = await moneyOf(stores, team);
  // A top-up ends it for whoever looks, a moment before the worker closes the episode.
  const balance = { balance: money.spendable, allotment: money.allotment };
  const { creditPercents } = await policyOf(stores, records, { teamId: team.id });
  const highest = Math.max(...creditPercents);
  const endedAt = isLow(balance, highest) ? null : new Date(stores.clock());
  return alertSpeech({
    team,
    money,
    forecast: await forecastOf(stores, team, money),
    exhaustion: await exhaustionFor(stores, team, money),
    thresholdPercent: episode.stage <= 0 ? highest : episode.stage,
    handling,
    closedAt: episode.closedAt ?? endedAt,
    reference: alertReference(episode.id, money.fundingSequence),
    nowMs: stores.clock(),
  });
}
