// Whose limits and budgets a command is about.

import type { Subject } from '../core/ceilings/subject.ts';
import type { VirtualKey } from '../core/keys/virtual-key.ts';
import { refuse } from '../core/refusals.ts';
import { keyListSpeech } from './blocks/key.ts';
import type { Call } from './call.ts';
import { quoted } from './commands/words.ts';
import { refusalSpeech } from './replies.ts';
import { tellUnknownTeam } from './unknown-team.ts';

/** A subject, and how commands and people name it. */
export interface Place {
  readonly subject: Subject;
  /** `/team` or `/org`. */
  readonly command: string;
  /** What stands behind the subcommand: `acme-prod key=9bdd`. */
  readonly words: string;
  /** `team acme-prod`, `key CI server (sk-…9bdd)`. */
  readonly title: string;
}

interface TeamPlaceWords {
  readonly team: string | undefined;
  readonly key: string | undefined;
  readonly member: string | undefined;
}

/** The team that is meant, or its key or member; undefined after the person was told what is wrong. */
export async function placeInTeam(
  call: Call,
  { team: teamId = '', key, member }: TeamPlaceWords,
  again: (teamId: string) => string,
): Promise<Place | undefined> {
  const { records } = call.bot.stores;
  if ((await records.teams.find(teamId)) === undefined) {
    await tellUnknownTeam(call, refuse('team_unknown', { team: teamId }), teamId, again);
    return undefined;
  }
  if (key !== undefined && member !== undefined) {
    const complaint = 'a key is given, too; name the one or the other';
    await call.reply(refusalSpeech(refuse('value_invalid', { field: 'member', complaint })));
    return undefined;
  }
  if (member !== undefined) {
    return {
      subject: { kind: 'member', teamId, userId: member },
      command: '/team',
      words: `${teamId} member=${member}`,
      title: `${member} in team ${teamId}`,
    };
  }
  return key === undefined
    ? {
        subject: { kind: 'team', teamId },
        command: '/team',
        words: teamId,
        title: `team ${teamId}`,
      }
    : placeOfKey(call, teamId, key);
}

async function placeOfKey(call: Call, teamId: string, meant: string): Promise<Place | undefined> {
  const keys = await call.bot.stores.records.keys.ofTeam(teamId);
  const fitting = keys.filter((key) => isMeant(key, meant));
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) {
    await call.reply(keyListSpeech(teamId, keys, meant));
    return undefined;
  }
  return {
    subject: { kind: 'key', keyId: only.id },
    command: '/team',
    words: `${teamId} key=${only.id}`,
    title: `key ${only.name} (sk-…${only.lastFour}) of ${teamId}`,
  };
}

function isMeant(key: VirtualKey, meant: string): boolean {
  return [key.id, key.name, key.lastFour, key.previousLastFour].includes(
    meant.replace(/^sk-…?/, ''),
  );
}

interface OrganizationPlaceWords {
  readonly user: string | undefined;
  readonly endUser: string | undefined;
}

/** The organization that is meant, its person or end user; undefined after the person was told what is wrong. */
export async function placeInOrganization(
  call: Call,
  organizationId: string,
  { user, endUser }: OrganizationPlaceWords,
): Promise<Place | undefined> {
  if (endUser === undefined) {
    return placeOfPerson(organizationId, user);
  }
  if (user !== undefined) {
    const complaint = 'a person is given, too; name the one or the other';
    await call.reply(refusalSpeech(refuse('value_invalid', { field: 'enduser', complaint })));
    return undefined;
  }
  return {
    subject: { kind: 'end_user', organizationId, endUserId: endUser },
    command: '/org',
    words: `${organizationId} enduser=${quoted(endUser)}`,
    title: `end user ${endUser} of organization ${organizationId}`,
  };
}

/** The organization that is meant, or one of its people. */
export function placeOfPerson(organizationId: string, user: string | undefined): Place {
  return user === undefined
    ? {
        subject: { kind: 'organization', organizationId },
        command: '/org',
        words: organizationId,
        title: `organization ${organizationId}`,
      }
    : {
        subject: { kind: 'user', organizationId, userId: user },
        command: '/org',
        words: `${organizationId} user=${user}`,
        title: `${user} in organization ${organizationId}`,
      };
}
