// Where refused calls are kept in Redis. A team's keys carry its id as their hash tag.

import { HOUR_MS } from '../../core/time.ts';

/** Refusals of whom no team is known: a key that nobody has, a body that cannot be read. */
export const NOBODY = '-';

export interface RefusedKeys {
  /** The latest of a team, as JSON, the newest first. */
  latest(teamId: string): string;
  /** One by its id. */
  byId(id: string): string;
  /** How often a team was refused in an hour, by code. */
  counts(teamId: string, hourMs: number): string;
  /** How often the budgets of a subject refused in an hour, by meter. */
  budgetCounts(subject: string, hourMs: number): string;
}

export function refusedKeys(namespace: string): RefusedKeys {
  return {
    latest: (teamId) => `${namespace}:refused:{${teamId}}`,
    byId: (id) => `${namespace}:refused-id:${id}`,
    counts: (teamId, hourMs) => `${namespace}:refused-count:{${teamId}}:${hourMs / HOUR_MS}`,
    budgetCounts: (subject, hourMs) =>
      `${namespace}:refused-budget:{${subject}}:${hourMs / HOUR_MS}`,
  };
}

/** When the hour of a moment begins. */
export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
