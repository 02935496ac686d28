import { complaintAboutJson } from '../core/json.ts';
import { HIDDEN } from '../core/members/deleted.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** What is kept beside a team is small notes; documents belong elsewhere. */
const METADATA_MAX_CHARACTERS = 16_384;
const METADATA_MAX_DEPTH = 16;

/** Refuses metadata that is large, deep, or holds text that the database cannot keep. */
export function complaintAboutMetadata(metadata: unknown): Refusal | undefined {
  const complaint = complaintAboutJson(metadata, METADATA_MAX_DEPTH);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'metadata', complaint });
  }
  const { length } = JSON.stringify(metadata ?? null);
  return length <= METADATA_MAX_CHARACTERS
    ? undefined
    : refuse('value_invalid', {
        field: 'metadata',
        complaint: `it has ${length} characters of JSON, at most ${METADATA_MAX_CHARACTERS} are allowed`,
      });
}

/** Names the plan that members of a team follow: shown to clients, and never taken from them. */
export const MEMBER_PLAN = 'team_member_budget_id';

type Metadata = Readonly<Record<string, unknown>>;

/** What clients see of a team's metadata, and may set. */
export function visibleMetadata(metadata: Metadata): Metadata {
  const { [HIDDEN]: _hidden, [MEMBER_PLAN]: _plan, ...visible } = metadata;
  return visible;
}

/** What a client gave in place of what was there; what is hidden stays. */
export function replacedMetadata(before: Metadata, given: Metadata): Metadata {
  const hidden = before[HIDDEN];
  return { ...visibleMetadata(given), ...(hidden === undefined ? {} : { [HIDDEN]: hidden }) };
}
