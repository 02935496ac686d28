/** What a team begins with that a JWT was the first to name. */
import { parseDuration } from '../core/budgets/duration.ts';
import type { CeilingChange } from '../core/ceilings/change.ts';
import type { LimitKind } from '../core/limits/limit.ts';
import { complaintAboutModels } from '../core/models/model-rules.ts';
import { scaleRoundingUp } from '../core/money.ts';
import type { NewTeamOfJwt } from '../core/sign-in/settings.ts';
import type { JwtBlock, LitellmTeam } from './jwt-schema.ts';
import type { ConfigProblem } from './problems.ts';
import { suggestion } from './problems.ts';
import { accessGroupsOf } from './settings.ts';
import type { ConfigFile } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

interface NewTeamRead {
  readonly newTeam: NewTeamOfJwt;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** Where a JWT names no organization and nobody configured one. */
const DEFAULT_ORGANIZATION = 'default';
const MICROCREDITS_PER_CREDIT_POWER = 6;
const NANO_USD_PER_USD_POWER = 9;
/** LiteLLM's words for every model there is. */
const ALL_MODELS = '*';

/** From our own block: paid by credits, as every other team, unless it says otherwise. */
export function newTeamOf(block: JwtBlock, file: ConfigFile, source: YamlSource): NewTeamRead {
  const given = block.new_team ?? {};
  const { access_groups: groups = [], models = [], limit_policy: policy = 'hard' } = given;
  const known = accessGroupsOf(file).map(({ name }) => name);
  const place = ['jwt', 'new_team'] as const;
  const unknown = groups.findIndex((name) => !known.includes(name));
  const problems = [
    ...durationProblems(given.budget_duration, [...place, 'budget_duration'], source),
    ...modelProblems(models, [...place, 'models'], source),
    ...(unknown === -1
      ? []
      : [
          source.problemAt(
            [...place, 'access_groups', unknown],
            `there is no access group ${groups[unknown]}${suggestion(groups[unknown] ?? '', known)}`,
          ),
        ]),
  ];
  const isEmpty = groups.length + models.length === 0;
  return {
    newTeam: {
      organizationId: block.org_id_default ?? DEFAULT_ORGANIZATION,
      accessGroups: groups,
      models,
      microcredits: scaleRoundingUp(given.credits ?? 0, MICROCREDITS_PER_CREDIT_POWER),
      limitPolicy: policy,
      ceilings: ceilingsOf({
        max_budget: given.budget_usd,
        budget_duration: given.budget_duration,
        rpm_limit: given.requests_per_minute,
        tpm_limit: given.tokens_per_minute,
        max_parallel_requests: given.parallel_requests,
      }),
    },
    problems,
    warnings: isEmpty
      ? ['teams made by team_id_upsert may call no model, give new_team.access_groups or models']
      : [],
  };
}

/**
 * From LiteLLM's: it has no credits, so its teams are bounded by their budget, and where no models are named
 * they may use all.
 */
export function newTeamOfLitellm(file: ConfigFile, source: YamlSource): NewTeamRead {
  const settings = file.litellm_settings ?? {};
  const given = { ...settings.default_team_settings?.[0], ...settings.default_team_params };
  const models = given.models ?? [];
  const place = ['litellm_settings', 'default_team_params'] as const;
  return {
    newTeam: {
      organizationId: DEFAULT_ORGANIZATION,
      accessGroups: [],
      models: models.length === 0 ? [ALL_MODELS] : models,
      microcredits: 0n,
      limitPolicy: 'unlimited',
      ceilings: ceilingsOf(given),
    },
    problems: [
      ...durationProblems(
        given.budget_duration ?? undefined,
        [...place, 'budget_duration'],
        source,
      ),
      ...modelProblems(models, [...place, 'models'], source),
    ],
    warnings:
      (given.max_budget ?? undefined) === undefined
        ? ['teams made by team_id_upsert have no budget, give default_team_params.max_budget']
        : [],
  };
}

function durationProblems(
  duration: string | undefined,
  place: readonly PropertyKey[],
  source: YamlSource,
): ConfigProblem[] {
  const parsed = duration === undefined ? undefined : parseDuration(duration);
  return parsed !== undefined && 'complaint' in parsed
    ? [source.problemAt(place, `is no duration: ${parsed.complaint}`)]
    : [];
}

function modelProblems(
  models: readonly string[],
  place: readonly PropertyKey[],
  source: YamlSource,
): ConfigProblem[] {
  const refusal = complaintAboutModels(models);
  return refusal === undefined ? [] : [source.problemAt(place, String(refusal.facts['complaint']))];
}

type Numbers = Pick<
  { readonly [Name in keyof LitellmTeam]?: LitellmTeam[Name] | undefined },
  'max_budget' | 'budget_duration' | 'rpm_limit' | 'tpm_limit' | 'max_parallel_requests'
>;

function ceilingsOf(given: Numbers): CeilingChange[] {
  const limits: readonly (readonly [LimitKind, number | null | undefined])[] = [
    ['requests', given.rpm_limit],
    ['usage_tokens', given.tpm_limit],
    ['parallel', given.max_parallel_requests],
  ];
  const budget = given.max_budget;
  return [
    ...limits.flatMap(([kind, max]): CeilingChange[] =>
      max === null || max === undefined ? [] : [{ set: 'limit', kind, model: null, max }],
    ),
    ...(budget === null || budget === undefined
      ? []
      : [
          {
            set: 'budget',
            duration: given.budget_duration ?? null,
            model: null,
            maxNanoUsd: scaleRoundingUp(budget, NANO_USD_PER_USD_POWER),
          } as const,
        ]),
  ];
}
