// A model, access group or plan that nobody knows: which one was probably meant.

import { nearest } from '../core/nearest.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Call } from './call.ts';
import { catalogInSight } from './catalog-in-sight.ts';
import { sightOf } from './sight.ts';
import { withMeant } from './unknown-team.ts';

const OFFERED = 3;

interface Named {
  /** What the refusal calls it, and people. */
  readonly fact: string;
  readonly words: string;
  readonly known: (call: Call) => Promise<readonly string[]>;
}

const NAMED: Readonly<Partial<Record<Refusal['refused'], Named>>> = {
  model_alias_unknown: {
    fact: 'model',
    words: 'model',
    known: async (call) => (await catalogInSight(call.bot.stores, await sightOf(call))).aliases,
  },
  access_group_unknown: {
    fact: 'group',
    words: 'access group',
    known: async (call) => {
      const { groups } = await catalogInSight(call.bot.stores, await sightOf(call));
      return groups.map(({ name }) => name);
    },
  },
  plan_unknown: {
    fact: 'plan',
    words: 'plan',
    // Names of plans may be those of customers.
    known: async (call) =>
      (await sightOf(call)) === 'everything'
        ? (await call.bot.stores.records.plans.list()).map(({ id }) => id)
        : [],
  },
};

/** The complaints beside fields, each of an unknown name with those that are most like it. */
export async function withNamesMeant(
  call: Call,
  refusal: Refusal,
  complaints: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const named = NAMED[refusal.refused];
  if (named === undefined) {
    return complaints;
  }
  const name = String(refusal.facts[named.fact] ?? '');
  const meant = nearest(name, await named.known(call), OFFERED);
  const said = withMeant(`There is no ${named.words} “${name}”.`, meant);
  return Object.fromEntries(Object.keys(complaints).map((field) => [field, said]));
}
