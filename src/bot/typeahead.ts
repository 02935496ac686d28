// What a menu offers while a person types into it, over any number of teams, organizations, keys and models.

import type { PlainTextOption } from '@slack/types';
import type { VirtualKey } from '../core/keys/virtual-key.ts';
import type { Stores } from '../core/stores.ts';
import type { Bot } from './call.ts';
import type { Kind } from './commands/kinds.ts';
import { isSeen, within } from './sight.ts';
import type { Sight } from './sight.ts';
import { OPTION_TEXT_MAX, option } from './views/inputs.ts';

/** As many as a person looks through; Slack takes 100. */
const OFFERED = 50;

export interface Search {
  readonly kind: Kind;
  /** What was typed into the menu. */
  readonly query: string;
  /** The team that the rest of the form names: keys are looked for in it. */
  readonly team: string | undefined;
  /** Where the person may do what the form is for. */
  readonly sight: Sight;
}

/** What fits, the likeliest first; nothing for kinds that are not looked up. */
export async function suggestions(bot: Pick<Bot, 'stores' | 'roles'>, search: Search) {
  const found = await find(bot, search);
  return found.filter(({ value = '' }) => value.length <= OPTION_TEXT_MAX).slice(0, OFFERED);
}

async function find(
  { stores, roles }: Pick<Bot, 'stores' | 'roles'>,
  search: Search,
): Promise<PlainTextOption[]> {
  const query = search.query.trim();
  switch (search.kind) {
    case 'team':
      return findTeams(stores, query, search.sight);
    case 'org': {
      const all = await stores.records.organizations.list();
      const seen = all.filter(({ id }) => isSeen(search.sight, id));
      const fitting = seen.filter(({ id, name }) => has(id, query) || has(name, query));
      return fitting.map(({ id, name }) => option(id, id, name === id ? undefined : name));
    }
    case 'key':
      return findKeys(stores, search, query);
    case 'groups': {
      const groups = await stores.records.accessGroups.list();
      const fitting = groups.filter(
        (each) => has(each.name, query) || has(each.displayName, query),
      );
      return fitting.map(({ name, aliases }) => option(name, name, aliases.join(', ')));
    }
    case 'user_group': {
      const groups = await roles.groups();
      const fitting = groups.filter(({ handle, name }) => has(handle, query) || has(name, query));
      return fitting.map(({ id, handle, name }) => option(id, `@${handle}`, name));
    }
    case 'model':
    case 'models':
      return findModels(stores, search.kind, query);
    default:
      return [];
  }
}

async function findTeams(stores: Stores, query: string, sight: Sight): Promise<PlainTextOption[]> {
  const filter = { ...within(sight), limit: OFFERED, ...(query === '' ? {} : { contains: query }) };
  const teams = await stores.records.teams.list(filter);
  return teams.map(({ id, organizationId, status }) =>
    option(id, id, status === 'active' ? organizationId : `${organizationId}, ${status}`),
  );
}

async function findKeys(
  { records }: Stores,
  { team: teamId, sight }: Search,
  query: string,
): Promise<PlainTextOption[]> {
  const team = teamId === undefined ? undefined : await records.teams.find(teamId);
  if (team === undefined || !isSeen(sight, team.organizationId)) {
    return [];
  }
  const keys = await records.keys.ofTeam(team.id);
  return keys
    .filter((key) => has(key.name, query) || has(key.lastFour, query) || has(key.id, query))
    .map((key) => option(key.id, keyLabel(key), key.status));
}

function keyLabel({ name, lastFour }: VirtualKey): string {
  return `sk-…${lastFour}  ${name}`;
}

/** Models and, where several may be named, groups; and the typed beginning itself. */
async function findModels(
  stores: Stores,
  kind: 'model' | 'models',
  query: string,
): Promise<PlainTextOption[]> {
  const groups = await stores.records.accessGroups.list();
  const names = await stores.records.accessGroups.aliases();
  const models = names.filter((name) => has(name, query)).map((name) => option(name, name));
  const beginning =
    kind === 'models' && query.endsWith('*')
      ? [option(query, query, 'All whose names begin so')]
      : [];
  const ofGroups =
    kind === 'models'
      ? groups
          .filter(({ name }) => has(name, query))
          .map(({ name, aliases }) => option(name, name, `Group: ${aliases.join(', ')}`))
      : [];
  return [...beginning, ...ofGroups, ...models];
}

function has(text: string, query: string): boolean {
  return text.toLowerCase().includes(query.toLowerCase());
}
