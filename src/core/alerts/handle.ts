// What people do with an alert: say that they are at it, ask for silence, choose what a team's alerts are like.

import type { Actor } from '../audit/audit.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Records, Stores } from '../stores.ts';
import type { AlertSubject } from './alert-records.ts';
import type { AlertEpisode } from './episode.ts';
import { complaintAboutPolicy, spokenPolicy } from './policy.ts';
import type { AlertPolicy } from './policy.ts';
import { snoozeEnd } from './snooze.ts';
import type { Snooze } from './snooze.ts';
import { addStep, alertZone, policyOf, showAlert, tellAlert } from './tell-alert.ts';

/** What became of it, and whether this was who did it. */
export interface Handled {
  readonly episode: AlertEpisode;
  readonly changed: boolean;
}

/** Says that somebody is at it: the first one does. Undefined if there is no such episode. */
export async function acknowledgeAlert(
  stores: Stores,
  actor: Actor,
  episodeId: string,
): Promise<Handled | undefined> {
  return handled(stores, episodeId, async (inside) => {
    const at = new Date(stores.clock());
    const seen = await inside.records.alerts.see(episodeId, actor.id, at);
    await (seen && tellAlert(inside, inside.records, seen, { what: 'seen', actor: actor.id }));
    await (seen && note(inside, actor, seen, 'alert.acknowledged'));
    return seen;
  });
}

/** Takes that back: nobody is at it any more. */
export async function handBackAlert(
  stores: Stores,
  actor: Actor,
  episodeId: string,
): Promise<Handled | undefined> {
  return handled(stores, episodeId, async (inside) => {
    const free = await inside.records.alerts.unsee(episodeId);
    const step = { what: 'handed_back', actor: actor.id } as const;
    await (free && tellAlert(inside, inside.records, free, step));
    await (free && note(inside, actor, free, 'alert.handed_back'));
    return free;
  });
}

/**
 * Keeps it current in silence for some time, unless it is silent already; then it is said once more, unless
 * it is over. Mornings are those of the team's zone.
 */
export async function snoozeAlert(
  stores: Stores,
  actor: Actor,
  episodeId: string,
  snooze: Snooze,
): Promise<Handled | undefined> {
  return handled(stores, episodeId, async (inside) => {
    const { records } = inside;
    const episode = await records.alerts.find(episodeId);
    if (episode === undefined) {
      return undefined;
    }
    const nowMs = stores.clock();
    const until = snoozeEnd(snooze, nowMs, await alertZone(stores, records, episode));
    const silence = { actor: actor.id, at: new Date(nowMs), until };
    const snoozed = await records.alerts.snooze(episodeId, silence);
    if (snoozed !== undefined) {
      const at = until.toISOString();
      await tellAlert(inside, records, snoozed, { what: 'snoozed', actor: actor.id, at });
      await showAlert(records.posts, snoozed, until);
      const { stage, severity, facts } = snoozed;
      const reminder = { what: 'reminder', actor: null, stage, severity, facts, at } as const;
      await addStep(records.posts, snoozed, reminder, until);
      await note(inside, actor, snoozed, 'alert.snoozed', { until: at });
    }
    return snoozed;
  });
}

/** Ends a silence before its time. */
export async function wakeAlert(
  stores: Stores,
  actor: Actor,
  episodeId: string,
): Promise<Handled | undefined> {
  return handled(stores, episodeId, async (inside) => {
    const woken = await inside.records.alerts.wake(episodeId, new Date(stores.clock()));
    const step = { what: 'woken', actor: actor.id } as const;
    await (woken && tellAlert(inside, inside.records, woken, step));
    await (woken && note(inside, actor, woken, 'alert.woken'));
    return woken;
  });
}

async function handled(
  stores: Stores,
  episodeId: string,
  work: (inside: Stores) => Promise<AlertEpisode | undefined>,
): Promise<Handled | undefined> {
  const done = await stores.records.change<Handled | undefined>(async (records) => {
    const changed = await work({ ...stores, records });
    const episode = changed ?? (await records.alerts.find(episodeId));
    return episode && { episode, changed: changed !== undefined };
  });
  return isRefusal(done) ? undefined : done;
}

/** Whoever looks for why nobody was told of something finds who silenced it. */
async function note(
  { records }: Pick<Stores, 'records'>,
  actor: Actor,
  { id, kind, subject, teamId, organizationId }: AlertEpisode,
  action: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const target = teamId === null ? `organization:${organizationId}` : `team:${teamId}`;
  const after = { episode: id, kind, ...(subject === '' ? {} : { subject }), ...more };
  await records.audit.write({ actor, action, target, after });
}

/**
 * Changes what the alerts of a team or an organization are like, and answers what holds now. What is as it was
 * stays unchosen: there, a team goes on with its organization, and an organization with the configuration.
 */
export async function setAlertPolicy(
  stores: Stores,
  actor: Actor,
  subject: AlertSubject,
  wish: Partial<AlertPolicy>,
): Promise<AlertPolicy | Refusal> {
  return stores.records.change<AlertPolicy>(async (records) => {
    const unknown = await complaintAboutSubject(records, subject);
    if (unknown !== undefined) {
      return unknown;
    }
    const before = await policyOf(stores, records, whoseOf(subject));
    const policy = { ...before, ...wish };
    const complaint = complaintAboutPolicy(policy);
    if (complaint !== undefined) {
      return refuse('value_invalid', complaint);
    }
    await records.alerts.choosePolicy(subject, differing(wish, before));
    await records.audit.write({
      actor,
      action: `${subject.kind}.alerts_changed`,
      target: subjectText(subject),
      before: spokenPolicy(before),
      after: spokenPolicy(policy),
    });
    return policy;
  });
}

/** As policyOf takes it. */
export function whoseOf(subject: AlertSubject) {
  return subject.kind === 'team'
    ? { teamId: subject.teamId }
    : { teamId: null, organizationId: subject.organizationId };
}

/** Nobody else changes them until this change is over. */
async function complaintAboutSubject(
  { teams, organizations }: Records,
  subject: AlertSubject,
): Promise<Refusal | undefined> {
  if (subject.kind === 'team') {
    const { teamId } = subject;
    return (await teams.locked(teamId)) === undefined
      ? refuse('team_unknown', { team: teamId })
      : undefined;
  }
  const { organizationId } = subject;
  return (await organizations.locked(organizationId)) === undefined
    ? refuse('organization_unknown', { organization: organizationId })
    : undefined;
}

function differing(wish: Partial<AlertPolicy>, before: AlertPolicy): Partial<AlertPolicy> {
  const names = Object.keys(wish) as (keyof AlertPolicy)[];
  const changed = names.filter(
    (name) => JSON.stringify(wish[name]) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, wish[name]]));
}
