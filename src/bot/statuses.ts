// Suspending, pausing, archiving and resuming: what is done, and what is said about it.

import { isRepeated } from '../core/change.ts';
import type { Repeated } from '../core/change.ts';
import { complaintAboutEnd } from '../core/moment.ts';
import { once } from '../core/once.ts';
import { setOrganizationStatus } from '../core/organizations/set-status.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { setTeamStatus } from '../core/teams/set-status.ts';
import { actOrAsk } from './approvals/ask.ts';
import { statusQuestion, statusSpeech } from './blocks/status.ts';
import type { Standee, StatusValue, StatusWish } from './blocks/status.ts';
import type { Call } from './call.ts';
import { endFrom } from './ends.ts';
import type { End } from './ends.ts';
import { refusalSpeech } from './replies.ts';
import { organizationOf } from './unknown-organization.ts';
import { tellUnknownTeam } from './unknown-team.ts';

/** What stands behind `/team suspend` and its like. */
export interface StatusWords {
  readonly reason?: string;
  readonly until?: string;
}

type Verb = 'suspend' | 'pause' | 'archive' | 'resume';
const STATUSES = {
  suspend: 'suspended',
  pause: 'paused',
  archive: 'archived',
  resume: 'active',
} as const;

/** Does what the words say; asks first where a customer's calls end for good. */
export async function runStatus(
  call: Call,
  standee: Standee,
  verb: Verb,
  words: StatusWords,
): Promise<void> {
  const found = await find(call, standee, verb);
  if (found === undefined) {
    return;
  }
  const { reason } = words;
  const end =
    words.until === undefined
      ? undefined
      : await endFrom(call.bot.stores, found.organizationId, words.until, 'until');
  const refusedEnd = isRefusal(end) ? end : pastEnd(end, call.bot.stores.clock());
  if (refusedEnd !== undefined || isRefusal(end)) {
    await (refusedEnd && call.reply(refusalSpeech(refusedEnd)));
    return;
  }
  const until = end?.at ?? undefined;
  const wish = { reason, until, untilSaid: until === undefined ? undefined : end?.said };
  const status = STATUSES[verb];
  const isSo = found.status === status && found.statusUntil?.getTime() === until?.getTime();
  if (isSo || status === 'paused' || status === 'active') {
    await changeStatus(call, standee, { ...wish, status });
    return;
  }
  const of = standee.kind === 'team' ? { of: found.organizationId } : {};
  await call.reply(statusQuestion({ ...standee, ...of }, { ...wish, status }, call.onceId));
}

/** Said before anything is asked: nobody confirms what would be refused. */
function pastEnd(end: End | undefined, nowMs: number): Refusal | undefined {
  const complaint =
    end === undefined || end.at === null ? undefined : complaintAboutEnd(end.at, nowMs);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'until', complaint });
}

/** What is meant; undefined after the person was told that there is none. */
async function find(call: Call, { kind, id }: Standee, verb: Verb) {
  if (kind === 'organization') {
    const found = await organizationOf(call, id, (meant) => `/org ${verb} ${meant}`);
    return found && { ...found, organizationId: id };
  }
  const found = await call.bot.stores.records.teams.find(id);
  if (found === undefined) {
    const refusal = refuse('team_unknown', { team: id });
    await tellUnknownTeam(call, refusal, id, (meant) => `/team ${verb} ${meant}`);
  }
  return found;
}

/** The question was answered with yes. */
export async function confirmStatus(call: Call, value: StatusValue): Promise<void> {
  const { kind, id, status, reason, until, untilSaid } = value;
  const wish = {
    status,
    reason,
    until: until === undefined ? undefined : new Date(until),
    // Made by us when the question was asked.
    untilSaid: untilSaid === undefined ? undefined : { mrkdwn: untilSaid },
  };
  await changeStatus(call, { kind, id }, wish, { replace: true });
}

/** Does it once and tells the person. */
async function changeStatus(
  call: Call,
  standee: Standee,
  wish: StatusWish,
  options: { readonly replace?: boolean } = {},
): Promise<void> {
  const before = (await standing(call, standee))?.status;
  const set =
    wish.status === 'active'
      ? await resume(call, standee, wish)
      : await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
          setStatus(stores, call, standee, wish),
        );
  if (isRepeated(set)) {
    return;
  }
  if (isRefusal(set)) {
    await call.reply(refusalSpeech(set));
    return;
  }
  await call.reply(statusSpeech(standee, wish, { changed: set.changed, before }), options);
}

async function standing({ bot: { stores } }: Call, { kind, id }: Standee) {
  const { teams, organizations } = stores.records;
  return kind === 'team' ? teams.find(id) : organizations.find(id);
}

/** As every raise, it may need an approval. */
async function resume(
  call: Call,
  { kind, id }: Standee,
  { reason }: StatusWish,
): Promise<{ readonly changed: boolean } | Refusal | Repeated> {
  return actOrAsk(call, {
    kind: 'resume',
    subject: kind === 'team' ? { kind, teamId: id } : { kind, organizationId: id },
    reason: reason ?? '',
    reference: `slack:${call.onceId}`,
  });
}

async function setStatus(
  stores: Stores,
  { actor }: Call,
  { kind, id }: Standee,
  wish: StatusWish,
): Promise<{ readonly changed: boolean } | Refusal> {
  if (kind === 'team') {
    return setTeamStatus(stores, actor, { ...wish, teamId: id });
  }
  return setOrganizationStatus(stores, actor, { ...wish, organizationId: id });
}
