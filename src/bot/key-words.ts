// What a person writes about a key becomes its terms.

import type { KeyTerms } from '../core/keys/key-terms.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { endFrom } from './ends.ts';

/** What may stand behind `/team key new` and `edit`. */
export interface KeyTermWords {
  readonly name?: string;
  readonly expires?: string;
  readonly models?: readonly string[];
  readonly alias?: readonly string[];
  readonly endpoints?: readonly string[];
  readonly from?: readonly string[];
  readonly tags?: readonly string[];
}

/** Words that take a restriction away. */
const NOTHING = ['all', 'any', 'anywhere', 'none', 'off', 'never'];

/** The terms that were named; what was not named stays away. Core judges what they say. */
export async function keyTermsFrom(
  stores: Stores,
  organizationId: string,
  words: KeyTermWords,
): Promise<Partial<KeyTerms> | Refusal> {
  const { name, expires, models, alias, endpoints, from, tags } = words;
  const end =
    expires === undefined ? undefined : await endFrom(stores, organizationId, expires, 'expires');
  if (isRefusal(end)) {
    return end;
  }
  const modelAliases = alias === undefined ? undefined : aliasesFrom(alias);
  if (isRefusal(modelAliases)) {
    return modelAliases;
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(end === undefined ? {} : { expiresAt: end.at }),
    ...(models === undefined ? {} : { models: listed(models) }),
    ...(modelAliases === undefined ? {} : { modelAliases }),
    ...(endpoints === undefined
      ? {}
      : { endpoints: listed(endpoints).map((each) => each.toLowerCase()) }),
    ...(from === undefined ? {} : { addresses: listed(from) }),
    ...(tags === undefined ? {} : { tags: listed(tags) }),
  };
}

/** Reads `fast=gpt-4o-mini` or `fast:gpt-4o-mini`, several with commas. */
export function aliasesFrom(pairs: readonly string[]): Record<string, string> | Refusal {
  const read = listed(pairs).map(
    (pair) => /^([^=]+)=(.+)$/.exec(pair) ?? /^([^:]+):(.+)$/.exec(pair),
  );
  const wrong = listed(pairs).find((_, at) => read[at] === null);
  if (wrong !== undefined) {
    const complaint = `"${wrong}" names no model, write it like alias=fast=gpt-4o-mini`;
    return refuse('value_invalid', { field: 'alias', complaint });
  }
  return Object.fromEntries(
    read.map((match) => [match?.[1]?.trim() ?? '', match?.[2]?.trim() ?? '']),
  );
}

function listed(names: readonly string[]): readonly string[] {
  const [only = ''] = names;
  return names.length === 1 && NOTHING.includes(only.toLowerCase()) ? [] : names;
}
