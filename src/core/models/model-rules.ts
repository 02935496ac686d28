// What people may write about models for a key or a team: names, and their own names for them.

import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';

/** Each is looked at on each call; whoever needs more makes an access group of them. */
export const MODEL_RULES_MAX = 100;
/** As many names of their own as a team has kinds of work; each change carries all of them. */
export const MODEL_ALIASES_MAX = 50;
/** As long as the configuration lets a model's name be. */
const MODEL_NAME_MAX_LENGTH = 200;

const NAME = /^[^\s*\p{Cc}\p{Cf}\p{Cs}]+$/u;
const NAME_OR_BEGINNING = /^[^\s*\p{Cc}\p{Cf}\p{Cs}]*\*?$/u;

/** Refuses names that no model can have; `prefix*` stands for all that begin so. */
export function complaintAboutModels(
  models: readonly string[],
  field = 'models',
): Refusal | undefined {
  const complaint = complaintIn(models);
  return complaint === undefined ? undefined : refuse('value_invalid', { field, complaint });
}

function complaintIn(models: readonly string[]): string | undefined {
  if (models.length > MODEL_RULES_MAX) {
    return `it has ${models.length} names, at most ${MODEL_RULES_MAX} are allowed`;
  }
  if (models.some((name) => name === '')) {
    return 'a name in it is empty';
  }
  const wrong = models.find((name) => !isShort(name) || !NAME_OR_BEGINNING.test(name));
  return wrong === undefined ? undefined : aboutName(wrong, ', but for one at the end');
}

/** Refuses what no model can be called by. */
export function complaintAboutModelName(name: string, field: string): Refusal | undefined {
  if (isShort(name) && NAME.test(name)) {
    return undefined;
  }
  const complaint = name === '' ? 'it is empty' : aboutName(name, '');
  return refuse('value_invalid', { field, complaint });
}

/** Refuses names that could not be asked for, and those that stand for each other. */
export function complaintAboutAliases(
  aliases: Readonly<Record<string, string>>,
  field = 'model_aliases',
): Refusal | undefined {
  const complaint = complaintInAliases(Object.entries(aliases), aliases);
  return complaint === undefined ? undefined : refuse('value_invalid', { field, complaint });
}

function complaintInAliases(
  pairs: readonly (readonly [alias: string, target: string])[],
  aliases: Readonly<Record<string, string>>,
): string | undefined {
  if (pairs.length > MODEL_ALIASES_MAX) {
    return `it has ${pairs.length} names, at most ${MODEL_ALIASES_MAX} are allowed`;
  }
  const wrong = pairs.flat().find((name) => !isShort(name) || !NAME.test(name));
  if (wrong !== undefined) {
    return wrong === '' ? 'a name in it is empty' : aboutName(wrong, '');
  }
  const chain = pairs.find(([, target]) => Object.hasOwn(aliases, target));
  return chain === undefined
    ? undefined
    : `"${chain[0]}" stands for "${chain[1]}", which itself stands for another; name the model that is meant`;
}

function isShort(name: string): boolean {
  return name.length <= MODEL_NAME_MAX_LENGTH;
}

function aboutName(name: string, exception: string): string {
  return isShort(name)
    ? `"${name}" is no name of a model: neither spaces nor asterisks are allowed${exception}`
    : `a name in it has ${name.length} characters, at most ${MODEL_NAME_MAX_LENGTH} are allowed`;
}

/** LiteLLM's words, as what a team is given beside its groups: all that is served, or nothing. */
export function modelsOfTeam(models: readonly string[]): string[] {
  const given = models.filter((name) => name !== 'no-default-models');
  return [...new Set(given.map((name) => (name === 'all-proxy-models' ? '*' : name)))];
}
