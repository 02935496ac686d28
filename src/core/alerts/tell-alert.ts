// What is said of an episode: its message is made or brought up to date in each of its places, and its
// history stands in the thread. Everything is queued inside of the change that it tells of.

import { homeOf } from '../posts/home.ts';
import type { PostRecords } from '../posts/post-records.ts';
import type { Records, Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { isSilent } from './episode.ts';
import type { AlertEpisode, AlertStep, Severity } from './episode.ts';
import { timeZoneOf } from '../organizations/zone-of.ts';
import { defaultPolicy } from './policy.ts';
import type { AlertPolicy } from './policy.ts';
import { quietUntil } from './quiet.ts';

/** Of whom: of a team, or of an organization alone. */
type Whose =
  | { readonly teamId: string }
  | { readonly teamId: string | null; readonly organizationId: string };

/** What was chosen for a team, else for its organization, else what holds where nobody chose. */
export async function policyOf(
  { settings }: Pick<Stores, 'settings'>,
  { alerts }: Pick<Records, 'alerts'>,
  whose: Whose,
): Promise<AlertPolicy> {
  const chosen = isOfTeam(whose)
    ? await alerts.policy(whose.teamId)
    : await alerts.organizationPolicy(whose.organizationId);
  return { ...defaultPolicy(settings), ...chosen };
}

function isOfTeam(whose: Whose): whose is { readonly teamId: string } {
  return whose.teamId !== null;
}

/** In which zone the people who hear of a team's alerts live: that of its quiet hours, else its organization's. */
export async function alertZone(
  stores: Pick<Stores, 'settings'>,
  records: Records,
  { teamId, organizationId }: Pick<AlertEpisode, 'teamId' | 'organizationId'>,
): Promise<string> {
  const { quiet } = await policyOf(stores, records, { teamId, organizationId });
  return quiet?.timeZone ?? timeZoneOf(records, { kind: 'organization', organizationId });
}

/** Where an alert of this severity goes. */
export async function placeOf(
  records: Records,
  policy: AlertPolicy,
  whose: Pick<Team, 'channelId' | 'organizationId'>,
  severity: Severity,
): Promise<string> {
  return policy.routes[severity] ?? homeOf(records, whose);
}

/** Queues what is to be said of an episode that just began, changed or ended, and tells listeners. */
export async function tellAlert(
  stores: Stores,
  records: Records,
  episode: AlertEpisode,
  step?: Pick<AlertStep, 'what' | 'actor'> & Partial<Pick<AlertStep, 'at' | 'from'>>,
): Promise<void> {
  const nowMs = stores.clock();
  const policy = await policyOf(stores, records, episode);
  const due = dueOf(policy, episode, nowMs);
  await showAlert(records.posts, episode, due);
  // A person's own step is no noise, and neither is the end.
  if (step !== undefined && (step.what !== 'stage' || !isSilent(episode, nowMs))) {
    const { stage, severity, facts } = episode;
    const { at = new Date(nowMs).toISOString() } = step;
    await addStep(records.posts, episode, { ...step, stage, severity, facts, at }, due);
  }
  await records.outbox.add({ kind: 'alert.changed', episodeId: episode.id });
}

type Told = Pick<AlertEpisode, 'id' | 'teamId' | 'organizationId' | 'places'>;

/** Has the message of an episode say what is true now, wherever it stands. */
export async function showAlert(posts: PostRecords, episode: Told, due?: Date): Promise<void> {
  const { id, places } = episode;
  for (const place of places) {
    await posts.add({
      place,
      kind: 'alert',
      facts: { episodeId: id },
      manner: 'keep',
      message: messageOf(id, place),
      ...whoseNews(episode),
      ...(due === undefined ? {} : { due }),
    });
  }
}

export async function addStep(
  posts: PostRecords,
  episode: Told,
  step: AlertStep,
  due?: Date,
): Promise<void> {
  const { id, places } = episode;
  for (const place of places) {
    await posts.add({
      place,
      kind: 'alert.step',
      facts: { episodeId: id, step },
      manner: 'reply',
      message: messageOf(id, place),
      mergeKey: `steps:${id}`,
      ...whoseNews(episode),
      ...(due === undefined ? {} : { due }),
    });
  }
}

/** Whose other places are tried where one can't be reached. */
function whoseNews({ teamId, organizationId }: Told) {
  return teamId === null ? { organizationId } : { teamId };
}

function messageOf(episodeId: string, place: string): string {
  return `alert:${episodeId}@${place}`;
}

/** In quiet hours only what is critical is said at once. */
function dueOf(policy: AlertPolicy, { severity }: AlertEpisode, nowMs: number): Date | undefined {
  return severity === 'critical' ? undefined : quietUntil(policy.quiet, nowMs);
}
