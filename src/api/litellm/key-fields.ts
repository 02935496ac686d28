// What a key is told by, the same for making, changing and renewing it.

import { z } from 'zod';
import { ENDPOINTS } from '../../core/keys/key-terms.ts';
import type { KeyTerms } from '../../core/keys/key-terms.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Action } from '../../core/permission/permissions.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time.ts';
import type { Answer } from '../answer.ts';
import { BOUNDS } from './bounds.ts';
import { float, wrapped } from './errors.ts';
import { extrasOf, givenOf, shownMetadata, storedMetadata, withoutNulls } from './extras.ts';
import type { Json } from './extras.ts';
import { KEY_KEPT, UNNAMED } from './key-view.ts';
import { unheld, UNHELD_BOUNDS, UNHELD_WINDOWS } from './unheld.ts';

const NAMES = z.array(z.string());
const OBJECT = z.record(z.string(), z.unknown());

export const KEY_FIELDS = {
  key_alias: z.string().nullish(),
  duration: z.string().nullish(),
  models: NAMES.nullish(),
  aliases: z.record(z.string(), z.string()).nullish(),
  user_id: z.string().nullish(),
  team_id: z.string().nullish(),
  organization_id: z.string().nullish(),
  budget_id: z.string().nullish(),
  metadata: OBJECT.nullish(),
  tags: NAMES.nullish(),
  blocked: z.boolean().nullish(),
  allowed_routes: NAMES.nullish(),
  key_type: z.enum(['default', 'llm_api', 'management', 'read_only']).nullish(),
  permissions: OBJECT.nullish(),
  config: OBJECT.nullish(),
  allowed_cache_controls: z.array(z.unknown()).nullish(),
  router_settings: OBJECT.nullish(),
  access_group_ids: NAMES.nullish(),
  policies: NAMES.nullish(),
  object_permission: OBJECT.nullish(),
  project_id: z.string().nullish(),
  agent_id: z.string().nullish(),
  ...BOUNDS,
  ...UNHELD_BOUNDS,
  ...UNHELD_WINDOWS,
  end_user_budget_id: unheld('nothing bounds end users'),
  tag_rpm_limit: unheld('bound the key or its team'),
  guardrails: NAMES.nullish(),
  prompts: NAMES.nullish(),
  enforced_params: NAMES.nullish(),
  tpm_limit_type: z.string().nullish(),
  rpm_limit_type: z.string().nullish(),
  send_invite_email: z.boolean().nullish(),
  auto_rotate: z.boolean().nullish(),
  rotation_interval: z.string().nullish(),
  budget_fallbacks: z.record(z.string(), NAMES).nullish(),
};
export type KeyFields = z.output<z.ZodObject<typeof KEY_FIELDS>>;

/** What bounds a key, beside the rest that whoever changes keys may change. */
export const BOUND_ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(
  [...Object.keys(BOUNDS), 'budget_id', 'temp_budget_increase', 'temp_budget_expiry'].map(
    (field) => [field, 'person.limits'] as const,
  ),
);

const IN_METADATA = [
  'guardrails',
  'prompts',
  'enforced_params',
  'tpm_limit_type',
  'rpm_limit_type',
];

/** What the request says of a key; a mistake where LiteLLM has words for it. */
export function termsFrom(
  body: KeyFields,
  nowMs: number,
  before?: VirtualKey,
): Partial<KeyTerms> | Answer {
  const mistake = complaintAboutBudget(body.max_budget) ?? complaintAboutRoutes(body);
  if (mistake !== undefined) {
    return mistake;
  }
  const expiresAt = endOf(body.duration, nowMs);
  if (expiresAt === 'unread') {
    return wrapped(400, `Invalid duration format: ${body.duration}`);
  }
  const tags = body.tags ?? body.metadata?.['tags'];
  const endpoints = endpointsOf(body);
  return {
    ...(body.key_alias === undefined ? {} : { name: body.key_alias || UNNAMED }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(body.models === undefined ? {} : { models: body.models ?? [] }),
    ...(body.aliases === undefined ? {} : { modelAliases: body.aliases ?? {} }),
    ...(Array.isArray(tags) ? { tags: tags.map(String) } : {}),
    ...(endpoints === undefined ? {} : { endpoints }),
    metadata: metadataAfter(before?.metadata ?? {}, body),
  };
}

function complaintAboutBudget(max: unknown): Answer | undefined {
  return typeof max === 'number' && max < 0
    ? wrapped(400, { error: `max_budget cannot be negative. Received: ${float(max)}` })
    : undefined;
}

/** The routes of models, whatever a client calls them, and the endpoint that each is. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  llm_api_routes: ENDPOINTS,
  openai_routes: ENDPOINTS,
  '/chat/completions': ['chat'],
  '/v1/chat/completions': ['chat'],
  '/completions': ['completion'],
  '/v1/completions': ['completion'],
  '/embeddings': ['embedding'],
  '/v1/embeddings': ['embedding'],
  '/v1/messages': ['messages'],
};

/** A confinement that can't be kept is refused: the key would be able to do more than was asked for. */
function complaintAboutRoutes({
  allowed_routes: routes,
  key_type: type,
}: KeyFields): Answer | undefined {
  if (type === 'management' || type === 'read_only') {
    return wrapped(
      400,
      `key_type=${type} is not offered here: people manage with their roles, see /team/permissions_update`,
    );
  }
  const unknown = routes?.find((route) => !Object.hasOwn(ROUTES, route));
  return unknown === undefined
    ? undefined
    : wrapped(
        400,
        `allowed_routes may hold ${Object.keys(ROUTES).join(', ')}; ${unknown} is not offered here`,
      );
}

function endpointsOf({
  allowed_routes: routes,
  key_type: type,
}: KeyFields): KeyTerms['endpoints'] | undefined {
  const wanted = type === 'llm_api' ? ['llm_api_routes'] : routes;
  return wanted === undefined
    ? undefined
    : [...new Set((wanted ?? []).flatMap((route) => ROUTES[route] ?? []))];
}

function metadataAfter(before: Json, body: KeyFields): Json {
  const fields = body as Json;
  const shown = body.metadata === undefined ? shownMetadata(before) : (body.metadata ?? {});
  const { tags: _own, ...rest } = shown;
  return storedMetadata(withoutNulls({ ...rest, ...givenOf(fields, IN_METADATA) }), {
    ...extrasOf(before),
    ...givenOf(fields, [...KEY_KEPT, 'budget_duration']),
  });
}

const LENGTHS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** When a life of this length ends: exact, unlike the periods of budgets. Null for never. */
export function endOf(
  duration: string | null | undefined,
  nowMs: number,
): Date | null | undefined | 'unread' {
  if (duration === undefined) {
    return undefined;
  }
  if (duration === null || duration === '-1' || duration === '') {
    return null;
  }
  const [, count = '', unit = ''] = /^(\d{1,6})(s|mo|m|h|d|w)$/.exec(duration) ?? [];
  if (unit === 'mo') {
    const end = new Date(nowMs);
    const day = end.getUTCDate();
    end.setUTCMonth(end.getUTCMonth() + Number(count), 1);
    const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
    end.setUTCDate(Math.min(day, last));
    return end;
  }
  const lengthMs = LENGTHS[unit];
  return lengthMs === undefined ? 'unread' : new Date(nowMs + Number(count) * lengthMs);
}
