/** What may stand in the configuration file: our own blocks, and LiteLLM's `model_list`. */
import { z } from 'zod';
import { PERCENTS_MAX } from '../core/alerts/policy.ts';
import { RETENTION_MAX_DAYS, RETENTION_MIN_DAYS } from '../core/usage/retention.ts';
import { approvalsBlock } from './approvals.ts';
import { jwtBlock, litellmGeneral, litellmSettings } from './jwt-schema.ts';
import {
  MAX_MARKUP_BASIS_POINTS,
  MAX_MICROCREDITS_PER_USD,
  MAX_TOKENS_PER_CREDIT,
  MAX_USAGE_TOKENS_PER_CALL,
} from '../core/pricing/charge.ts';
import { addressRange } from '../core/keys/address.ts';
import { DIALECTS } from '../core/models/dialect.ts';
import { MICROCREDITS_PER_CREDIT } from '../core/money.ts';

/** 10,000 USD for a million tokens, sixteen times the dearest model there is. */
const MAX_USD_PER_MILLION_TOKENS = 10_000;
/** A dearer single request or search would pass what one call may cost. */
const MAX_FEE_USD = 100;
const MAX_NAME_LENGTH = 200;
const MIB = 1024 * 1024;
/** A minute, and a month: what a job holds is nobody's meanwhile. */
const MIN_LIFE_HOURS = 1 / 60;
const MAX_LIFE_HOURS = 744;

const name = z.string().min(1, 'may not be empty').max(MAX_NAME_LENGTH);
/** LiteLLM's `*` and `openai/*` would need a list of all models; an alias names one. */
const alias = name.regex(
  /^[^\s*]+$/,
  'may hold neither spaces nor *, give each model its own entry',
);
const groupName = name.regex(
  /^[a-z0-9][a-z0-9._-]*$/,
  'may hold small letters, digits, dots, hyphens and underscores',
);
const url = z
  .string()
  .regex(/^(https?:\/\/[^\s?#]+|os\.environ\/.+)$/, 'is not a http:// or https:// address');
const slackId = z
  .string()
  .regex(/^[UWS][A-Z0-9]+$/, 'is not the ID of a Slack user (U…) or user group (S…)');
const channel = z
  .string()
  .regex(/^([CG][A-Z0-9]+|#[^\s]+)$/, 'is not a Slack channel, write its ID (C…) or #name');
const tokens = z.int().min(1).max(MAX_USAGE_TOKENS_PER_CALL);
const rate = z.number().min(0).max(MAX_USD_PER_MILLION_TOKENS);
const fee = z.number().min(0).max(MAX_FEE_USD);

/** In USD per million tokens, as providers print them. */
const price = z.strictObject({
  input: rate,
  output: rate,
  cached_input: rate.optional(),
  cache_write: rate.optional(),
  cache_write_1h: rate.optional(),
  input_audio: rate.optional(),
  output_audio: rate.optional(),
  per_request_usd: fee.optional(),
  per_web_search_usd: fee.optional(),
});

const deployment = z.strictObject({
  id: name.optional(),
  provider: z
    .literal('openai', 'may only be "openai"; other upstreams are named by "dialect"')
    .optional(),
  dialect: z.enum(DIALECTS, `must be one of ${DIALECTS.join(', ')}`).optional(),
  base_url: url,
  api_key: z.string().min(1, 'may not be empty').optional(),
  model: name.optional(),
  price: price.optional(),
});

const model = z.strictObject({
  deployments: z.array(deployment).min(1, 'needs at least one deployment'),
  price: price.optional(),
  unpriced: z.literal('allow', 'may only be "allow"').optional(),
  max_input_tokens: tokens.optional(),
  max_output_tokens: tokens.optional(),
});

const accessGroup = z.strictObject({
  display_name: name.optional(),
  models: z.array(alias),
});

/** Parameters that change nothing here may stand there: they are warned about by name. */
const litellmEntry = z.looseObject({
  model_name: alias,
  litellm_params: z.looseObject({
    model: name,
    api_base: url.optional(),
    api_key: z.string().optional(),
    input_cost_per_token: z.number().min(0).max(1).optional(),
    output_cost_per_token: z.number().min(0).max(1).optional(),
    cache_read_input_token_cost: z.number().min(0).max(1).optional(),
    cache_creation_input_token_cost: z.number().min(0).max(1).optional(),
    cache_creation_input_token_cost_above_1hr: z.number().min(0).max(1).optional(),
  }),
  model_info: z
    .looseObject({
      id: name.optional(),
      base_model: name.optional(),
      max_input_tokens: tokens.optional(),
      max_output_tokens: tokens.optional(),
      access_groups: z.array(groupName).optional(),
    })
    .optional(),
});

const limits = z.strictObject({
  body_max_bytes: z
    .int()
    .min(1024)
    .max(256 * MIB)
    .optional(),
  header_max_bytes: z.int().min(4096).max(MIB).optional(),
  upstream_timeout_ms: z.int().min(1000).max(3_600_000).optional(),
  min_output_tokens: tokens.optional(),
  default_max_output_tokens: tokens.optional(),
  reservation_deadline_ms: z.int().min(2000).max(600_000).optional(),
  mark_every_ms: z.int().min(100).max(60_000).optional(),
});

const jobs = z.strictObject({
  charge_failed: z.boolean().optional(),
  life_hours: z.number().min(MIN_LIFE_HOURS).max(MAX_LIFE_HOURS).optional(),
});

const usage = z.strictObject({
  retention_days: z.int().min(RETENTION_MIN_DAYS).max(RETENTION_MAX_DAYS).optional(),
});

const prices = z.strictObject({
  refresh: z.enum(['apply', 'hold'], 'must be "apply" or "hold"').optional(),
});

const webhooks = z.strictObject({
  allowed_addresses: z
    .array(z.string().refine((text) => addressRange(text) !== undefined, 'is no address or range'))
    .optional(),
  allow_http: z.boolean().optional(),
});

const twoDecimals = (message: string) =>
  z.number().refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)), message);

const defaults = z.strictObject({
  budget_mode: z.enum(['job_based', 'consumption_usd', 'consumption_tokens']).optional(),
  credits_per_usd: twoDecimals('may have at most two decimals')
    .min(0.01)
    .max(Number(MAX_MICROCREDITS_PER_USD / MICROCREDITS_PER_CREDIT))
    .optional(),
  tokens_per_credit: z.int().min(1).max(Number(MAX_TOKENS_PER_CREDIT)).optional(),
  markup_percent: twoDecimals('may have at most two decimals')
    .min(0)
    .max(MAX_MARKUP_BASIS_POINTS / 100)
    .optional(),
});

/** Who has a role, for all organizations or for one. */
const roleLists = {
  owners: z.array(slackId).optional(),
  managers: z.array(slackId).optional(),
  approvers: z.array(slackId).optional(),
  viewers: z.array(slackId).optional(),
};

export const configFile = z.strictObject({
  models: z.record(alias, model).optional(),
  model_list: z.array(litellmEntry).optional(),
  access_groups: z.record(groupName, accessGroup).optional(),
  slack: z
    .strictObject({
      roles: z.strictObject({
        ...roleLists,
        organizations: z.record(name, z.strictObject(roleLists)).optional(),
      }),
    })
    .optional(),
  alerts: z
    .strictObject({
      low_credit_percent: z.number().min(0).max(100).optional(),
      // All of a budget is told anyway.
      budget_percents: z.array(z.int().min(1).max(99)).max(PERCENTS_MAX).optional(),
      key_expiry_days: z.array(z.int().min(1).max(365)).min(1).max(PERCENTS_MAX).optional(),
      operators_channel: channel.optional(),
    })
    .optional(),
  approvals: approvalsBlock.optional(),
  limits: limits.optional(),
  jobs: jobs.optional(),
  usage: usage.optional(),
  prices: prices.optional(),
  webhooks: webhooks.optional(),
  defaults: defaults.optional(),
  jwt: jwtBlock.optional(),
  general_settings: litellmGeneral.optional(),
  litellm_settings: litellmSettings.optional(),
});

export type ConfigFile = z.infer<typeof configFile>;
export type PriceEntry = z.infer<typeof price>;
export type ModelEntry = z.infer<typeof model>;
export type DeploymentEntry = z.infer<typeof deployment>;
export type LitellmEntry = z.infer<typeof litellmEntry>;
