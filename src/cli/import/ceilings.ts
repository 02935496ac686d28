// Budgets and limits as LiteLLM keeps them, from flat columns to the set that a subject has here.

import type { ApiRequest, Row } from './step.ts';

export interface Bounds {
  readonly max_budget: number | null;
  readonly soft_budget?: number | null;
  readonly budget_duration: string | null;
  /** When the period under way ends, in UTC. */
  readonly budget_reset_at?: string | null;
  readonly tpm_limit: number | null;
  readonly rpm_limit: number | null;
  readonly max_parallel_requests: number | null;
  readonly model_max_budget?: Row | null;
  /** Further windows. */
  readonly budget_limits?: readonly Row[] | null;
}

interface Ceilings {
  readonly limits: readonly object[];
  readonly budgets: readonly object[];
}

/** Limits by model stand in the metadata of a row. */
const BY_MODEL = { model_rpm_limit: 'requests', model_tpm_limit: 'usage_tokens' } as const;

/** Replaces what bounds a subject, if anything does there. */
export function ceilingsRequest(
  url: string,
  bounds: Bounds | undefined,
  metadata: Row | null = null,
): ApiRequest[] {
  const { limits, budgets } = ceilingsOf(bounds, metadata);
  return limits.length + budgets.length === 0
    ? []
    : [{ method: 'PUT', url, body: { limits, budgets } }];
}

/** Of what bounds a subject: as much as is told of it in one number each. */
export function comparedBounds({ max_budget, tpm_limit, rpm_limit }: Bounds): Row {
  return { max_budget, tpm_limit, rpm_limit };
}

/** Metadata without what is a limit here. */
export function plainMetadata(metadata: Row | null): Row {
  const kept = Object.entries(metadata ?? {}).filter(([name]) => !(name in BY_MODEL));
  return Object.fromEntries(kept);
}

function ceilingsOf(bounds: Bounds | undefined, metadata: Row | null): Ceilings {
  const limits = [
    ...limit('requests', bounds?.rpm_limit),
    ...limit('usage_tokens', bounds?.tpm_limit),
    ...limit('parallel', bounds?.max_parallel_requests),
    ...Object.entries(BY_MODEL).flatMap(([name, kind]) =>
      Object.entries(objectOf(metadata?.[name])).flatMap(([model, max]) =>
        typeof max === 'number' ? [{ kind, max, model }] : [],
      ),
    ),
  ];
  const budgets = [
    ...mainBudget(bounds),
    ...windows(bounds),
    ...modelBudgets(bounds?.model_max_budget),
  ];
  return { limits, budgets };
}

function limit(kind: string, max: number | null | undefined): object[] {
  return max === null || max === undefined ? [] : [{ kind, max }];
}

/** A soft budget alone is told and refuses nothing. */
function mainBudget(bounds: Bounds | undefined): object[] {
  const { max_budget: max = null, soft_budget: soft = null } = bounds ?? {};
  const size = max ?? soft;
  if (bounds === undefined || size === null) {
    return [];
  }
  return [
    {
      max_usd: size,
      duration: durationOf(bounds.budget_duration),
      ...(max === null ? { shadow: true } : {}),
      ...(max !== null && soft !== null && soft < max ? { soft_usd: soft } : {}),
    },
  ];
}

function windows({ budget_limits: given, budget_duration: main }: Partial<Bounds> = {}): object[] {
  return (given ?? []).flatMap(({ budget_duration: duration, max_budget: max }) =>
    typeof max === 'number' && duration !== main
      ? [{ max_usd: max, duration: durationOf(duration) }]
      : [],
  );
}

function modelBudgets(budgets: Row | null | undefined): object[] {
  return Object.entries(budgets ?? {}).flatMap(([model, given]) => {
    const { budget_limit, max_budget, time_period, budget_duration } = objectOf(given);
    const max = budget_limit ?? max_budget;
    const duration = time_period ?? budget_duration;
    return typeof max === 'number' ? [{ model, max_usd: max, duration: durationOf(duration) }] : [];
  });
}

function durationOf(duration: unknown): string | null {
  return typeof duration === 'string' && duration !== '' ? duration : null;
}

function objectOf(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}
