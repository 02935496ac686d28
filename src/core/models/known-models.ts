// A name that nobody serves bounds nothing and allows nothing, while it looks as if it did: so it is refused
// where it is written down.

import { nearest } from '../nearest.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';

/** LiteLLM's words for sets of models, which are no names of models. */
const WORDS_FOR_SETS: readonly string[] = [
  'all-team-models',
  'all-proxy-models',
  'no-default-models',
];
const OFFERED = 2;

interface NamesGiven {
  readonly field: string;
  readonly names: readonly string[];
  /** Names that stand for models here alone. */
  readonly ownNames?: readonly string[];
}

/**
 * Refuses the first name that is no model that is served, no access group and no name of one's own, with those
 * that were probably meant. A beginning with `*` may come before its models do. Where no models are configured
 * at all, nothing is refused.
 */
export async function complaintAboutUnknownModels(
  records: Pick<Records, 'accessGroups'>,
  { field, names, ownNames = [] }: NamesGiven,
): Promise<Refusal | undefined> {
  const asked = names.filter((name) => !name.endsWith('*') && !WORDS_FOR_SETS.includes(name));
  if (asked.length === 0) {
    return undefined;
  }
  const [aliases, groups] = await Promise.all([
    records.accessGroups.aliases(),
    records.accessGroups.list(),
  ]);
  const known = [...aliases, ...groups.map((group) => group.name), ...ownNames];
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown === undefined || aliases.length === 0) {
    return undefined;
  }
  const meant = nearest(unknown, known, OFFERED).map((name) => `"${name}"`);
  const cure = meant.length === 0 ? '' : `; perhaps ${meant.join(' or ')} is meant`;
  const complaint = `"${unknown}" is neither a model that is served nor an access group${cure}`;
  return refuse('value_invalid', { field, complaint });
}
