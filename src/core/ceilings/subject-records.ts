// The six kinds of subjects by one set of verbs: find, save, tell.

import type { DomainEvent } from '../events.ts';
import { findEndUser } from '../end-users/end-users.ts';
import type { ProjectionSubject } from '../gateway/gate.ts';
import { complaintAboutId } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import type { Ceilings } from './ceilings.ts';
import type { Subject } from './subject.ts';

export interface FoundSubject {
  readonly organizationId: string;
  readonly ceilings: Ceilings;
  /** Of an organization, a team, a key or an end user. */
  readonly status?: string;
  /** Of a key or a member. */
  readonly teamId?: string;
}

/** What is on record of a subject, or that it is unknown. What can't be an id names nothing. */
export async function findSubject(
  records: Records,
  subject: Subject,
): Promise<FoundSubject | Refusal> {
  switch (subject.kind) {
    case 'organization': {
      const id = subject.organizationId;
      const found = isId(id) ? await records.organizations.find(id) : undefined;
      return found === undefined
        ? refuse('organization_unknown', { organization: id })
        : { organizationId: id, ceilings: found.ceilings, status: found.status };
    }
    case 'team': {
      const found = isId(subject.teamId) ? await records.teams.find(subject.teamId) : undefined;
      return found ?? refuse('team_unknown', { team: subject.teamId });
    }
    case 'key': {
      const found = isId(subject.keyId) ? await records.keys.find(subject.keyId) : undefined;
      return found ?? refuse('key_not_found', { key: subject.keyId });
    }
    case 'user':
      return findUser(records, subject.organizationId, subject.userId);
    case 'member':
      return findMember(records, subject.teamId, subject.userId);
    case 'end_user':
      return findEndUser(records, subject.organizationId, subject.endUserId);
  }
}

async function findUser(
  records: Records,
  organizationId: string,
  userId: string,
): Promise<FoundSubject | Refusal> {
  const organization = await findSubject(records, { kind: 'organization', organizationId });
  if ('refused' in organization) {
    return organization;
  }
  const found = isText(userId) ? await records.users.find(organizationId, userId) : undefined;
  return found ?? refuse('user_unknown', { user: userId, organization: organizationId });
}

async function findMember(
  records: Records,
  teamId: string,
  userId: string,
): Promise<FoundSubject | Refusal> {
  const team = await findSubject(records, { kind: 'team', teamId });
  if ('refused' in team) {
    return team;
  }
  const found = isText(userId) ? await records.members.find(teamId, userId) : undefined;
  return found !== undefined && found.role !== 'removed'
    ? found
    : refuse('member_unknown', { user: userId, team: teamId });
}

/** Writes what bounds a subject that is there. */
export async function saveCeilings(
  records: Records,
  subject: Subject,
  ceilings: Ceilings,
): Promise<void> {
  switch (subject.kind) {
    case 'organization':
      return records.organizations.update(subject.organizationId, { ceilings });
    case 'team':
      return records.teams.update(subject.teamId, { ceilings });
    case 'key':
      return records.keys.update(subject.keyId, { ceilings });
    case 'user':
      return records.users.update(subject.organizationId, subject.userId, { ceilings });
    case 'member':
      return records.members.update(subject.teamId, subject.userId, { ceilings });
    case 'end_user':
      return records.endUsers.update(subject.organizationId, subject.endUserId, { ceilings });
  }
}

/** How the gate is told of a subject. */
export function projectionOf(subject: Subject): ProjectionSubject {
  switch (subject.kind) {
    case 'organization':
      return { organizationId: subject.organizationId };
    case 'team':
      return { teamId: subject.teamId };
    case 'key':
      return { keyId: subject.keyId };
    case 'user':
      return { organizationId: subject.organizationId, userId: subject.userId };
    case 'member':
      return { teamId: subject.teamId, memberId: subject.userId };
    case 'end_user':
      return { organizationId: subject.organizationId, endUserId: subject.endUserId };
  }
}

/** What makes sure that the gate is told. */
export function changeOf(subject: Subject): DomainEvent {
  switch (subject.kind) {
    case 'organization':
      return { kind: 'organization.changed', organizationId: subject.organizationId };
    case 'team':
      return { kind: 'team.changed', teamId: subject.teamId };
    case 'key':
      return { kind: 'key.changed', keyId: subject.keyId };
    case 'user':
      return {
        kind: 'user.changed',
        organizationId: subject.organizationId,
        userId: subject.userId,
      };
    case 'member':
      return { kind: 'member.changed', teamId: subject.teamId, memberId: subject.userId };
    case 'end_user':
      return {
        kind: 'end_user.changed',
        organizationId: subject.organizationId,
        endUserId: subject.endUserId,
      };
  }
}

function isId(text: string): boolean {
  return complaintAboutId(text) === undefined;
}

/** The database keeps no zero bytes and no halves of characters. */
function isText(text: string): boolean {
  return text !== '' && text.isWellFormed() && !text.includes('\0');
}
