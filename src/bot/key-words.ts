// What a person writes about a key becomes its terms; and the terms of one, as a person would write them.

import type { KeyTerms } from '../core/keys/key-terms.ts';
import type { VirtualKey } from '../core/keys/virtual-key.ts';
import { timeZoneOf } from '../core/organizations/zone-of.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { endFrom, endInZone } from './ends.ts';

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

/** The keys that a person may mean: by id, name or last characters, also those of the secret before a rotation. */
export function keysMeant(
  keys: readonly VirtualKey[],
  meant: string | undefined,
): readonly VirtualKey[] {
  const name = meant?.replace(/^sk-…?/, '');
  return keys.filter(
    (key) =>
      name !== undefined && [key.id, key.name, key.lastFour, key.previousLastFour].includes(name),
  );
}

/** What holds of the key that is named, by the words in which it is changed; nothing where none or several are. */
export async function keyStanding(
  { records }: Stores,
  { team: teamId = '', key: meant }: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const [key, ...more] = keysMeant(await records.keys.ofTeam(teamId), meant);
  if (key === undefined || more.length > 0) {
    return {};
  }
  const { expiresAt } = key;
  const timeZone = await timeZoneOf(records, { kind: 'team', teamId });
  const aliases = Object.entries(key.modelAliases).map(([name, model]) => `${name}=${model}`);
  return {
    name: key.name,
    owner: key.userId ?? 'nobody',
    expires: expiresAt === null ? 'never' : endInZone(expiresAt, timeZone, { year: 'numeric' }),
    models: orWord(key.models, 'all'),
    alias: orWord(aliases, 'none'),
    endpoints: orWord(key.endpoints, 'all'),
    from: orWord(key.addresses, 'anywhere'),
    tags: orWord(key.tags, 'none'),
  };
}

function orWord(names: readonly string[], word: string): string {
  return names.length === 0 ? word : names.join(', ');
}
