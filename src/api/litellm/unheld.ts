import { z } from 'zod';

/**
 * A field that would have to hold on the next call, and does not: given, it is refused, because taken silently it would
 * be a false promise. Empty values promise nothing.
 */
export function unheld(cure: string) {
  return z.unknown().refine(isEmpty, `Value error, it is not offered here: ${cure}`).optional();
}

/** Whether a field says nothing. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** Of keys, teams, people, organizations and budgets alike. */
export const UNHELD_BOUNDS = {
  tpd_limit: unheld('set tpm_limit, or a budget for a day'),
};

export const UNHELD_WINDOWS = {
  budget_limits: unheld(
    'several windows at once are set by PUT /api/keys/{id}/limits and its like',
  ),
};

/** What a member may call goes by their keys and the team. */
export const MEMBER_MODELS = unheld('give the models to the keys of the member');
