// What a menu offers while a person types into it, over any number of teams, organizations, keys and models.

import type { PlainTextOption } from '@slack/types';
import { budgetWords, limitWords } from '../core/ceilings/ceiling-words.ts';
import type { Ceilings } from '../core/ceilings/ceilings.ts';
import { complaintAboutId } from '../core/ids.ts';
import type { VirtualKey } from '../core/keys/virtual-key.ts';
import type { Stores } from '../core/stores.ts';
import { count, dollars } from './blocks/ceilings-words.ts';
import type { Bot } from './call.ts';
import { catalogInSight } from './catalog-in-sight.ts';
import type { Catalog } from './catalog-in-sight.ts';
import type { Argument } from './commands/definition.ts';
import type { Kind } from './commands/kinds.ts';
import { isSeen, within } from './sight.ts';
import type { Sight } from './sight.ts';
import { newOrganizationValue, organizationChosen } from './views/create-team.ts';
import { OPTION_TEXT_MAX, option } from './views/inputs.ts';

/** As many as a person looks through; Slack takes 100. */
const OFFERED = 50;

export interface Search {
  readonly kind: Kind;
  /** What was typed into the menu. */
  readonly query: string;
  /** The team that the rest of the form names: keys and members are looked for in it. */
  readonly team: string | undefined;
  /** The organization that it names, where it names no team: people are looked for in it. */
  readonly organization: string | undefined;
  /** Where the person may do what the form is for. */
  readonly sight: Sight;
  /** Whether what is not there yet may be chosen, too. */
  readonly isNew: boolean;
  /** What may be chosen in place of a name. */
  readonly instead?: Argument['instead'];
}

/** What fits, the likeliest first; nothing for kinds that are not looked up. */
export async function suggestions(bot: Pick<Bot, 'stores' | 'roles'>, search: Search) {
  const query = search.query.trim();
  const found = [...insteadOfNames(search, query), ...(await find(bot, { ...search, query }))];
  return found.filter(({ value = '' }) => value.length <= OPTION_TEXT_MAX).slice(0, OFFERED);
}

function insteadOfNames({ instead }: Search, query: string): PlainTextOption[] {
  return instead !== undefined && has(instead.word, query)
    ? [option(instead.word, instead.word, instead.says)]
    : [];
}

async function find(
  { stores, roles }: Pick<Bot, 'stores' | 'roles'>,
  search: Search,
): Promise<PlainTextOption[]> {
  const { kind, query } = search;
  switch (kind) {
    case 'team':
      return findTeams(stores, search);
    case 'org':
      return findOrganizations(stores, search);
    case 'key':
      return findKeys(stores, search);
    case 'person':
      return findPeople(stores, search);
    case 'member':
      return findMembers(stores, search);
    case 'group':
    case 'groups':
      return findGroups(await catalogInSight(stores, search.sight), query);
    case 'plan':
      return findPlans(stores, search);
    case 'user_group': {
      const groups = await roles.groups();
      const fitting = groups.filter(({ handle, name }) => has(handle, query) || has(name, query));
      return fitting.map(({ id, handle, name }) => option(id, `@${handle}`, name));
    }
    case 'model':
    case 'model_or_group':
    case 'models':
      return findModels(await catalogInSight(stores, search.sight), kind, query);
    default:
      return [];
  }
}

async function findOrganizations(
  { records }: Stores,
  { query: typed, sight, isNew }: Search,
): Promise<PlainTextOption[]> {
  const query = organizationChosen(typed).id;
  const all = await records.organizations.list();
  const fitting = all
    .filter(({ id }) => isSeen(sight, id))
    .filter(({ id, name }) => has(id, query) || has(name, query));
  const known = fitting.map(({ id, name }) => option(id, id, name === id ? undefined : name));
  const isFree = complaintAboutId(query) === undefined && !all.some(({ id }) => id === query);
  // A new customer is for who may change everything: its id is in nobody's sight yet.
  return isNew && isFree && sight === 'everything'
    ? [...known, option(newOrganizationValue(query), `New: ${query}`, 'Creates this customer, too')]
    : known;
}

/** The organization of what the form names, if this person may see it. */
async function organizationOf(
  { records }: Stores,
  { team: teamId, organization, sight }: Search,
): Promise<string | undefined> {
  const team = teamId === undefined ? undefined : await records.teams.find(teamId);
  const id = team?.organizationId ?? organization;
  return id !== undefined && isSeen(sight, id) ? id : undefined;
}

async function findPeople(stores: Stores, search: Search): Promise<PlainTextOption[]> {
  const organizationId = await organizationOf(stores, search);
  const { users: people } = stores.records;
  const found =
    organizationId === undefined
      ? []
      : await people.containing(organizationId, search.query, OFFERED);
  return found.map(({ id, name }) => option(id, id, name === id ? undefined : name));
}

async function findMembers(stores: Stores, search: Search): Promise<PlainTextOption[]> {
  const { team } = search;
  if (team === undefined || (await organizationOf(stores, search)) === undefined) {
    return [];
  }
  const found = await stores.records.members.ofTeam(team);
  return found
    .filter(({ userId }) => has(userId, search.query))
    .map(({ userId, role }) => option(userId, userId, role));
}

async function findTeams(stores: Stores, { query, sight }: Search): Promise<PlainTextOption[]> {
  const filter = { ...within(sight), limit: OFFERED, ...(query === '' ? {} : { contains: query }) };
  const teams = await stores.records.teams.list(filter);
  return teams.map(({ id, organizationId, status }) =>
    option(id, id, status === 'active' ? organizationId : `${organizationId}, ${status}`),
  );
}

async function findKeys(stores: Stores, search: Search): Promise<PlainTextOption[]> {
  const { team, query } = search;
  if (team === undefined || (await organizationOf(stores, search)) === undefined) {
    return [];
  }
  const keys = await stores.records.keys.ofTeam(team);
  return keys
    .filter((key) => has(key.name, query) || has(key.lastFour, query) || has(key.id, query))
    .map((key) => option(key.id, keyLabel(key), key.status));
}

function keyLabel({ name, lastFour }: VirtualKey): string {
  return `sk-…${lastFour}  ${name}`;
}

function findGroups({ groups }: Catalog, query: string): PlainTextOption[] {
  const fitting = groups.filter((each) => has(each.name, query) || has(each.displayName, query));
  return likeliestFirst(fitting, query, ({ name }) => name).map(({ name, aliases }) =>
    option(name, name, aliases.join(', ')),
  );
}

/** A plan may be named after another customer: who does not see all of them names one whole. */
async function findPlans(
  { records }: Stores,
  { query, sight }: Search,
): Promise<PlainTextOption[]> {
  const all = await records.plans.list();
  const fitting = all.filter(({ id }) => (sight === 'everything' ? has(id, query) : id === query));
  return likeliestFirst(fitting, query, ({ id }) => id).map(({ id, ceilings }) =>
    option(id, id, ceilingsSummary(ceilings)),
  );
}

/** `requests: 60, budget for 30d: $100.00` */
function ceilingsSummary({ limits, budgets }: Ceilings): string {
  return [
    ...limits.map((limit) => `${limitWords(limit)}: ${count(limit.max)}`),
    ...budgets.map((budget) => `${budgetWords(budget)}: ${dollars(budget.maxNanoUsd)}`),
  ].join(', ');
}

/** Models and, where they may stand, too, groups; and the typed beginning itself. */
function findModels(
  { groups, aliases: names }: Catalog,
  kind: 'model' | 'model_or_group' | 'models',
  query: string,
): PlainTextOption[] {
  const models = likeliestFirst(
    names.filter((name) => has(name, query)),
    query,
    (name) => name,
  ).map((name) => option(name, name));
  const beginning =
    kind === 'models' && query.endsWith('*')
      ? [option(query, query, 'All whose names begin so')]
      : [];
  const ofGroups =
    kind === 'model'
      ? []
      : groups
          .filter(({ name }) => has(name, query))
          .map(({ name, aliases }) => option(name, name, `Group: ${aliases.join(', ')}`));
  return [...beginning, ...ofGroups, ...models];
}

/** The very name that was typed, then those that begin so: of very many, only the first are offered. */
function likeliestFirst<Each>(
  found: readonly Each[],
  query: string,
  nameOf: (each: Each) => string,
): Each[] {
  const wanted = query.toLowerCase();
  const place = (each: Each): number => {
    const name = nameOf(each).toLowerCase();
    return name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2;
  };
  return found.toSorted((one, other) => place(one) - place(other));
}

function has(text: string, query: string): boolean {
  return text.toLowerCase().includes(query.toLowerCase());
}
