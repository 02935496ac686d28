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
  const complaint = `"${unknown}" is neither a model that is served nor an access group`;
  return refuse('value_invalid', { field, complaint: complaint + cureOf(unknown, known) });
}

/**
 * The same where one model is meant: what is counted is counted by the model that served a call, so that a
 * group and a name of one's own would count nothing.
 */
export async function complaintAboutUnservedModels(
  { accessGroups }: Pick<Records, 'accessGroups'>,
  { field, names }: Omit<NamesGiven, 'ownNames'>,
): Promise<Refusal | undefined> {
  const aliases = names.length === 0 ? [] : await accessGroups.aliases();
  const unknown = names.find((name) => !aliases.includes(name));
  if (unknown === undefined || aliases.length === 0) {
    return undefined;
  }
  const group = (await accessGroups.list()).find(({ name }) => name === unknown);
  const complaint =
    group === undefined
      ? `"${unknown}" is no model that is served${cureOf(unknown, aliases)}`
      : `"${unknown}" is an access group; name one model, like "${group.aliases[0] ?? aliases[0]}"`;
  return refuse('value_invalid', { field, complaint });
}

function cureOf(unknown: string, known: readonly string[]): string {
  const meant = nearest(unknown, known, OFFERED).map((name) => `"${name}"`);
  return meant.length === 0 ? '' : `; perhaps ${meant.join(' or ')} is meant`;
}
