import { subjectFrom } from '../../core/ceilings/subject.ts';
import type { DigestSubject } from '../../core/digests/digest.ts';
import { timeZoneOf } from '../../core/organizations/zone-of.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { dateIn } from '../../core/time-zone.ts';
import { DAY_MS } from '../../core/time.ts';
import { digestSpeech } from '../blocks/digest.ts';
import type { DigestTeam } from '../blocks/digest.ts';
import type { Speech } from '../blocks/kit.ts';
import { isInternal } from './client-channels.ts';
import { forecastOf, moneyOf, refusedOf } from '../readings.ts';
import { sumOf } from '../../core/usage/usage.ts';

/** Beyond this a digest is no digest. */
const TEAMS_LOOKED_AT = 200;
const CHANGES_READ = 200;

/** How somebody did, what changed and what needs attention; nothing if they are gone. */
export async function digestPost(
  stores: Stores,
  [first]: readonly Post<'digest'>[],
): Promise<Speech | undefined> {
  const subject = first && (subjectFrom(first.facts.subject) as DigestSubject | undefined);
  const teams = subject === undefined ? [] : await teamsOf(stores, subject);
  if (first === undefined || subject === undefined || teams.length === 0) {
    return undefined;
  }
  const { records, clock, settings } = stores;
  const from = new Date(first.facts.from);
  const to = new Date(first.facts.to);
  const before = new Date(2 * from.getTime() - to.getTime());
  const asked = { scope: subject, by: [] } as const;
  const timeZone = await timeZoneOf(records, subject);
  const [days, earlier, changes, stands] = await Promise.all([
    records.usage.range({ ...asked, from, to, step: 'day' }),
    records.usage.range({ ...asked, from: before, to: from, step: 'all' }),
    records.audit.search({ ...filterOf(subject), from, to, limit: CHANGES_READ }),
    Promise.all(teams.map(async (team) => standOf(stores, team, to.getTime() - from.getTime()))),
  ]);
  return digestSpeech({
    subject,
    every: first.facts.every,
    missed: first.facts.missed ?? 0,
    firstDay: dateIn(timeZone, from.getTime()),
    lastDay: dateIn(timeZone, to.getTime() - 1),
    days,
    total: sumOf(days),
    before: sumOf(earlier),
    changes,
    teams: stands,
    lowCreditPercent: settings.lowCreditPercent,
    withCost: await isInternal(stores, first.place),
    nowMs: clock(),
  });
}

async function teamsOf({ records }: Stores, subject: DigestSubject): Promise<readonly Team[]> {
  if (subject.kind === 'team') {
    const team = await records.teams.find(subject.teamId);
    return team === undefined ? [] : [team];
  }
  return records.teams.list({ organizationId: subject.organizationId, limit: TEAMS_LOOKED_AT });
}

function filterOf(subject: DigestSubject) {
  return subject.kind === 'team'
    ? { teamId: subject.teamId }
    : { organizationId: subject.organizationId };
}

async function standOf(stores: Stores, team: Team, spanMs: number): Promise<DigestTeam> {
  const money = await moneyOf(stores, team);
  return {
    team,
    money,
    forecast: await forecastOf(stores, team, money),
    refusals: await refusedOf(stores, team.id, Math.min(spanMs, 7 * DAY_MS)),
  };
}
