import { complaintAboutName } from '../ids.ts';
import { complaintAboutAliases, complaintAboutModels } from '../models/model-rules.ts';
import { complaintAboutEnd } from '../moment.ts';
import { GRANTABLE } from '../permission/permissions.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { complaintAboutAddresses } from './address.ts';
import type { VirtualKey } from './virtual-key.ts';

/** What may be said about a key when it is made, and changed after. */
export type KeyTerms = Pick<
  VirtualKey,
  | 'name'
  | 'expiresAt'
  | 'models'
  | 'modelAliases'
  | 'endpoints'
  | 'addresses'
  | 'tags'
  | 'permissions'
  | 'metadata'
>;

/** What a key may be confined to. */
export const ENDPOINTS = ['chat', 'completion', 'embedding', 'messages'] as const;

/** A person can still read them; usage is told apart by a few. */
export const TAGS_PER_KEY_MAX = 20;
export const TAG_MAX_LENGTH = 64;

/** Refuses what can't be taken; what is absent is not looked at. */
export function complaintAboutKeyTerms(
  terms: Partial<KeyTerms>,
  nowMs: number,
): Refusal | undefined {
  const { name, expiresAt, models, modelAliases, endpoints, addresses, tags, permissions } = terms;
  return (
    inField('name', name === undefined ? undefined : complaintAboutName(name)) ??
    inField('expires', expiresAt ? complaintAboutEnd(expiresAt, nowMs) : undefined) ??
    complaintAboutModels(models ?? []) ??
    complaintAboutAliases(modelAliases ?? {}) ??
    inField('endpoints', complaintAboutEndpoints(endpoints ?? [])) ??
    inField('addresses', complaintAboutAddresses(addresses ?? [])) ??
    inField('tags', complaintAboutTags(tags ?? [])) ??
    inField('permissions', complaintAboutPermissions(permissions ?? []))
  );
}

function inField(field: string, complaint: string | undefined): Refusal | undefined {
  return complaint === undefined ? undefined : refuse('value_invalid', { field, complaint });
}

function complaintAboutEndpoints(endpoints: readonly string[]): string | undefined {
  const known: readonly string[] = ENDPOINTS;
  return endpoints.every((each) => known.includes(each))
    ? undefined
    : `only ${ENDPOINTS.join(', ')} are allowed`;
}

function complaintAboutPermissions(permissions: readonly string[]): string | undefined {
  const known: readonly string[] = GRANTABLE;
  return permissions.every((each) => known.includes(each))
    ? undefined
    : `only ${GRANTABLE.join(', ')} can be granted`;
}

function complaintAboutTags(tags: readonly string[]): string | undefined {
  if (tags.length > TAGS_PER_KEY_MAX) {
    return `it has ${tags.length} tags, at most ${TAGS_PER_KEY_MAX} are allowed`;
  }
  const long = tags.find((tag) => tag.length > TAG_MAX_LENGTH);
  if (long !== undefined) {
    return `a tag has ${long.length} characters, at most ${TAG_MAX_LENGTH} are allowed`;
  }
  const complaints = tags.map(complaintAboutName).filter((each) => each !== undefined);
  return complaints.length === 0 ? undefined : `a tag cannot be taken, ${complaints[0]}`;
}

/** Each name once: what is said twice is looked at twice on each call. */
export function withoutRepetitions<Terms extends Partial<KeyTerms>>(terms: Terms): Terms {
  const { models, endpoints, addresses, tags } = terms;
  return {
    ...terms,
    ...(models === undefined ? {} : { models: [...new Set(models)] }),
    ...(endpoints === undefined ? {} : { endpoints: [...new Set(endpoints)] }),
    ...(addresses === undefined ? {} : { addresses: [...new Set(addresses)] }),
    ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
  };
}

/** Key terms as the audit trail can hold them. */
export function spokenTerms(terms: Partial<KeyTerms>): Record<string, unknown> {
  const { expiresAt, ...rest } = terms;
  return expiresAt === undefined
    ? rest
    : { ...rest, expiresAt: expiresAt === null ? null : expiresAt.toISOString() };
}
