// What a team is told by: the fields of /team/new and /team/update, and the rules that both break in the same words.

import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { visibleMetadata } from '../metadata.ts';
import { BOUNDS } from './bounds.ts';
import { float, wrapped } from './errors.ts';
import { givenOf, withoutNulls } from './extras.ts';
import type { Json } from './extras.ts';
import { NAMELESS, TEAM_KEPT } from './team-view.ts';
import { UNHELD_BOUNDS, UNHELD_WINDOWS } from './unheld.ts';

const NAMES = z.array(z.string());
const OBJECT = z.record(z.string(), z.unknown());
const THROUGHPUT = z.enum(['guaranteed_throughput', 'best_effort_throughput']);

export const MEMBER = z.strictObject({
  role: z.enum(['admin', 'user']),
  user_id: z.string().nullish(),
  user_email: z.string().nullish(),
});
export type MemberGiven = z.output<typeof MEMBER>;

/** Default limits of every member, kept as one budget. */
const MEMBER_BOUNDS = {
  team_member_budget: z.number().nullish(),
  team_member_budget_duration: z.string().nullish(),
  team_member_rpm_limit: z.int().nullish(),
  team_member_tpm_limit: z.int().nullish(),
};

/** Shown inside of metadata, wherever they came. */
const IN_METADATA = {
  guardrails: NAMES.nullish(),
  prompts: NAMES.nullish(),
  tags: NAMES.nullish(),
  disable_global_guardrails: z.boolean().nullish(),
  team_member_key_duration: z.string().nullish(),
  allowed_passthrough_routes: NAMES.nullish(),
  allowed_vector_store_indexes: z.array(OBJECT).nullish(),
  secret_manager_settings: OBJECT.nullish(),
  enforced_file_expires_after: OBJECT.nullish(),
  enforced_batch_output_expires_after: OBJECT.nullish(),
  rpm_limit_type: THROUGHPUT.nullish(),
  tpm_limit_type: THROUGHPUT.nullish(),
};

export const TEAM_FIELDS = {
  team_alias: z.string().nullish(),
  organization_id: z.string().nullish(),
  metadata: OBJECT.nullish(),
  models: NAMES.nullish(),
  model_aliases: z.record(z.string(), z.string()).nullish(),
  blocked: z.boolean().nullish(),
  team_member_permissions: NAMES.nullish(),
  admins: z.array(z.unknown()).nullish(),
  members: z.array(z.unknown()).nullish(),
  policies: NAMES.nullish(),
  object_permission: OBJECT.nullish(),
  router_settings: OBJECT.nullish(),
  access_group_ids: NAMES.nullish(),
  default_team_member_models: NAMES.nullish(),
  ...BOUNDS,
  ...UNHELD_BOUNDS,
  ...UNHELD_WINDOWS,
  ...MEMBER_BOUNDS,
  ...IN_METADATA,
};
export type TeamFields = z.output<z.ZodObject<typeof TEAM_FIELDS>>;

/** The fields that are kept as they came, of those that were given. */
export function keptOf(body: TeamFields): Json {
  const given = body as Json;
  return givenOf(given, [...TEAM_KEPT, 'models', 'budget_duration', 'team_member_permissions']);
}

/** Whether a team has no name after these fields: then it is called by its id, and that is no name. */
export function namelessness({ team_alias: alias }: Pick<TeamFields, 'team_alias'>): Json {
  return alias === undefined ? {} : { [NAMELESS]: alias ? null : true };
}

/** The metadata of a row after these fields: what was given in place of what was there. */
export function metadataAfter(before: Json, body: TeamFields): Json {
  const fields = givenOf(body, Object.keys(IN_METADATA));
  const given = body.metadata === undefined ? before : (body.metadata ?? {});
  return visibleMetadata(withoutNulls({ ...given, ...fields }));
}

/** Limits by model may come inside of metadata; fields of their own win. */
export function boundsOf(body: TeamFields): TeamFields {
  const inside = z
    .object({ model_tpm_limit: BOUNDS.model_tpm_limit, model_rpm_limit: BOUNDS.model_rpm_limit })
    .safeParse(body.metadata ?? {});
  return { ...(inside.success ? withoutUndefined(inside.data) : {}), ...body };
}

function withoutUndefined<Fields extends object>(fields: Fields): Fields {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Fields;
}

/** The rules of budgets that need nothing but the request. */
export function complaintAboutBudgets(body: TeamFields): Answer | undefined {
  for (const field of ['max_budget', 'team_member_budget', 'soft_budget'] as const) {
    const value = body[field];
    if (typeof value === 'number' && value < 0) {
      const error = `${field} cannot be negative. Received: ${float(value)}`;
      return wrapped(400, { error });
    }
  }
  return undefined;
}

/** A soft budget is told before the hard one is reached. */
export function complaintAboutSoft(soft: unknown, max: unknown): Answer | undefined {
  if (typeof soft !== 'number' || typeof max !== 'number' || soft < max) {
    return undefined;
  }
  const error = `soft_budget (${float(soft)}) must be strictly lower than max_budget (${float(max)})`;
  return wrapped(400, { error });
}
