import type { ConfigProblem } from './problems.ts';
import { jwtOf } from './jwt.ts';
import type { JwtConfig } from './jwt.ts';
import { UNUSED_BLOCKS, USED_FIELDS } from './litellm.ts';
import type { ModelConfig } from './models.ts';
import { modelsOf } from './models.ts';
import type { Environment } from './references.ts';
import { withReferences } from './references.ts';
import type { ApprovalPolicy } from '../core/approvals/policy.ts';
import type { JobPolicy } from '../core/jobs/job.ts';
import { approvalsOf } from './approvals.ts';
import type { AccessGroupConfig, AlertSettings, LimitSettings, UsageSettings } from './settings.ts';
import type { SlackRoles, TeamDefaults } from './settings.ts';
import { accessGroupProblems, accessGroupsOf, alertsOf, limitProblems } from './settings.ts';
import { jobsOf, limitsOf, rolesOf, teamDefaultsOf, usageOf } from './settings.ts';
import { priceRefreshOf, webhooksOf } from './settings.ts';
import type { PriceRefresh } from '../core/pricing/refresh-prices.ts';
import type { WebhookPolicy } from '../core/webhooks/webhook.ts';
import { validate } from './validate.ts';
import type { Validated } from './validate.ts';
import { readYaml } from './yaml-source.ts';

/** Everything that the file says. */
export interface FileConfig {
  readonly models: readonly ModelConfig[];
  readonly accessGroups: readonly AccessGroupConfig[];
  readonly slackRoles: SlackRoles;
  readonly alerts: AlertSettings;
  readonly approvals: ApprovalPolicy;
  readonly limits: LimitSettings;
  readonly jobs: JobPolicy;
  readonly usage: UsageSettings;
  readonly webhooks: WebhookPolicy;
  readonly priceRefresh: PriceRefresh;
  readonly teamDefaults: TeamDefaults;
  /** Undefined where nobody signs in by JWT. */
  readonly jwt: JwtConfig | undefined;
  /** What the file holds that has no effect; said once at start. */
  readonly warnings: readonly string[];
}

const NO_MODELS = 'there are no models, name at least one under "models" with its deployments';

/** What is wrong between fields of these may have been caused by a mistake in another of them. */
const JWT_BLOCKS = ['jwt', 'general_settings', 'litellm_settings'] as const;

/** Reads the text of a configuration file: what it says, or every mistake in it. */
export function readConfigText(
  file: string,
  text: string,
  env: Environment,
): { config: FileConfig } | { problems: readonly ConfigProblem[] } {
  const source = readYaml(file, text);
  if (source.problems.length > 0) {
    return { problems: source.problems };
  }
  const { value, problems: missing } = withReferences(source, env);
  const { kept, warnings } = withoutUnused(file, value);
  const validated = validate(source, kept);
  const limits = limitsOf(validated.file);
  const models = modelsOf(validated, limits.defaultMaxOutputTokens);
  const jwt = jwtOf(validated.file, env, validated.source);
  const problems = [
    ...missing,
    ...validated.problems.filter(({ path }) => !missing.some((each) => each.path === path)),
    ...consequent(validated, kept, models, limits),
    ...(JWT_BLOCKS.some((block) => validated.hasMistake([block])) ? [] : jwt.problems),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (problems.length > 0) {
    return { problems };
  }
  return {
    config: {
      models: models.models,
      accessGroups: accessGroupsOf(validated.file),
      slackRoles: rolesOf(validated.file),
      alerts: alertsOf(validated.file),
      approvals: approvalsOf(validated.file.approvals, validated.file.alerts?.operators_channel),
      limits,
      jobs: jobsOf(validated.file),
      usage: usageOf(validated.file),
      webhooks: webhooksOf(validated.file),
      priceRefresh: priceRefreshOf(validated.file),
      teamDefaults: teamDefaultsOf(validated.file),
      jwt: jwt.jwt,
      warnings: [...warnings, ...models.warnings, ...jwt.warnings],
    },
  };
}

/** What is wrong between things that are right in themselves; without what another mistake may have caused. */
function consequent(
  { file, hasMistake, source }: Validated,
  value: unknown,
  models: ReturnType<typeof modelsOf>,
  limits: LimitSettings,
): ConfigProblem[] {
  // A model with a mistake in it exists nevertheless: groups may name it.
  const names = namesIn(value);
  const hasNone = models.models.length === 0 && models.problems.length === 0;
  return [
    ...(hasNone && !hasMistake([]) ? [source.problemAt([], NO_MODELS)] : []),
    ...models.problems,
    ...(names.length === 0 ? [] : accessGroupProblems(file, names, source)),
    ...(hasMistake(['limits']) ? [] : limitProblems(limits, source)),
  ];
}

/** Every alias that the file gives a model to, whether or not that model is right. */
function namesIn(value: unknown): string[] {
  const { models, model_list: list } = (value ?? {}) as Record<string, unknown>;
  const entries: unknown[] = Array.isArray(list) ? list : [];
  return [
    ...(typeof models === 'object' && !Array.isArray(models) ? Object.keys(models ?? {}) : []),
    ...entries
      .map((entry) => (entry as { model_name?: unknown } | null)?.model_name)
      .filter((name) => typeof name === 'string'),
  ];
}

/** Leaves out what of LiteLLM's does nothing here, and `x-…`, which hold anchors. */
function withoutUnused(file: string, value: unknown): { kept: unknown; warnings: string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kept: value, warnings: [] };
  }
  const general = (value as Readonly<Record<string, unknown>>)['general_settings'];
  const jwtSwitch = isBlock(general) ? general['enable_jwt_auth'] : undefined;
  const isJwtOn = jwtSwitch !== undefined && jwtSwitch !== false;
  const kept: [string, unknown][] = [];
  const warnings: string[] = [];
  for (const [key, block] of Object.entries(value)) {
    const used = isJwtOn ? (USED_FIELDS[key] ?? []) : [];
    const fields = Object.entries(isBlock(block) ? block : {});
    const some = fields.filter(([field]) => used.includes(field));
    if (!UNUSED_BLOCKS.includes(key)) {
      kept.push(...(key.startsWith('x-') ? [] : [[key, block] as [string, unknown]]));
      continue;
    }
    if (some.length > 0) {
      kept.push([key, Object.fromEntries(some)]);
    }
    if (some.length < fields.length || fields.length === 0) {
      const but = some.length === 0 ? '' : `, but for ${some.map(([field]) => field).join(', ')}`;
      warnings.push(`${file}: "${key}" is LiteLLM's and has no effect here${but}`);
    }
  }
  return { kept: Object.fromEntries(kept), warnings };
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
