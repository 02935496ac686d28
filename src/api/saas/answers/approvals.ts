// What this dialect tells of proposals that wait for a second person.

import { z } from 'zod';
import { PROPOSAL_STATUSES } from '../../../core/approvals/proposal.ts';
import { COUNT, MOMENT, NAMES } from '../../told.ts';

/** Beside these what is to be done, by its kind: `credits`, or `subject` and `changes`. */
export const APPROVAL = z.looseObject({
  id: z.string(),
  kind: z.string(),
  status: z.enum(PROPOSAL_STATUSES),
  organization_id: z.string(),
  team_id: z.string().nullable(),
  reason: z.string(),
  proposed_by: z.string(),
  proposed_at: MOMENT,
  expires_at: MOMENT,
  approvals_needed: COUNT,
  approved_by: z.array(z.object({ by: z.string(), at: MOMENT })),
  decided_by: z.string().nullable(),
  decided_at: MOMENT.nullable(),
  decision_reason: z.string().nullable(),
  urgent: z.boolean(),
  balance_after: z.number().nullable(),
  complaint: z.string().nullable(),
});
export const APPROVALS = z.object({ approvals: z.array(APPROVAL) });
/** With what is to be named when it is approved, and what changed since it was asked. */
export const APPROVAL_WITH_STATE = APPROVAL.extend({
  state: z.string().nullable(),
  changed_since: NAMES,
});
