import { z } from 'zod';
import { BOUNDS } from './bounds.ts';
import { unheld, UNHELD_WINDOWS } from './unheld.ts';

const TEAM = z.union([
  z.string(),
  z.strictObject({
    team_id: z.string(),
    max_budget_in_team: z.number().nullish(),
    user_role: z.enum(['admin', 'user']).nullish(),
  }),
]);

/** What a person is told by. */
export const USER_FIELDS = {
  user_id: z.string().nullish(),
  user_email: z.string().nullish(),
  user_alias: z.string().nullish(),
  user_role: z.string().nullish(),
  teams: z.array(TEAM).max(100).nullish(),
  organizations: z.array(z.string()).min(1).max(20).nullish(),
  models: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  sso_user_id: z.string().nullish(),
  ...BOUNDS,
  ...UNHELD_WINDOWS,
  tag_rpm_limit: unheld('bound the keys of the person'),
};
export type UserFields = z.output<z.ZodObject<typeof USER_FIELDS>>;
