import { z } from 'zod';
import type { KeyTerms } from '../../core/keys/key-terms.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { GRANTABLE } from '../../core/permission/permissions.ts';
import type { Refusal } from '../../core/refusals.ts';
import { EXACT_MOMENT, inFields, METADATA } from './fields.ts';
import type { KEY } from './answers/people.ts';
import type { Told } from '../told.ts';

/** What this dialect says of a key, when it is made and when it is changed. */
export const KEY_TERMS = {
  name: z.string().nullish(),
  expires_at: EXACT_MOMENT.nullish(),
  models: z.array(z.string()).nullish(),
  model_aliases: z.record(z.string(), z.string()).nullish(),
  endpoints: z.array(z.string()).nullish(),
  addresses: z.array(z.string()).nullish(),
  tags: z.array(z.string()).nullish(),
  permissions: z.array(z.enum(GRANTABLE)).nullish(),
  metadata: METADATA.nullish(),
};
type TermsGiven = z.output<z.ZodObject<typeof KEY_TERMS>>;

/** What was given; null is as good as absent, but for the end, of which it says that there is none. */
export function keyTermsFrom(given: TermsGiven): Partial<KeyTerms> {
  const { name, expires_at: end, models, model_aliases: aliases } = given;
  const { endpoints, addresses, tags, permissions, metadata } = given;
  return {
    ...(name ? { name } : {}),
    ...(end === undefined ? {} : { expiresAt: end === null ? null : new Date(end) }),
    ...(models ? { models } : {}),
    ...(aliases ? { modelAliases: aliases } : {}),
    ...(endpoints ? { endpoints } : {}),
    ...(addresses ? { addresses } : {}),
    ...(tags ? { tags } : {}),
    ...(permissions ? { permissions } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

/** A key without its secret. */
export function keyView(key: VirtualKey): Told<typeof KEY> {
  const { previousLastFour, previousUntil } = key;
  return {
    key_id: key.id,
    team_id: key.teamId,
    organization_id: key.organizationId,
    user_id: key.userId,
    name: key.name,
    key: `sk-…${key.lastFour}`,
    status: key.status,
    expires_at: spoken(key.expiresAt),
    previous_key:
      previousLastFour === null || previousUntil === null
        ? null
        : { key: `sk-…${previousLastFour}`, until: previousUntil.toISOString() },
    models: key.models,
    model_aliases: key.modelAliases,
    endpoints: key.endpoints,
    addresses: key.addresses,
    tags: key.tags,
    permissions: key.permissions,
    metadata: key.metadata,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    last_used_at: spoken(key.lastUsedAt),
  };
}

function spoken(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

const NAMES: Readonly<Record<string, string>> = {
  expires: 'expires_at',
  user: 'user_id',
  grace: 'grace_seconds',
  key: 'key_id',
};

/** A refusal with the field named as this dialect has it. */
export function inFieldsOfKey(refusal: Refusal): Refusal {
  return inFields(refusal, NAMES);
}
