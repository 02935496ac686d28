// Access groups that people make, and what they add to those of the configuration file.

import { z } from 'zod';
import { addGroup, changeGroup, removeGroup } from '../../core/models/change-group.ts';
import type { GroupChange } from '../../core/models/change-group.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { TEAMS_SHOWN_MAX, unusedViewsOf } from './models.ts';
import { ACCESS_GROUP } from './answers/models.ts';
import { SAID } from './answers/people.ts';
import type { Told } from '../told.ts';

const ALIASES = z.array(z.string()).max(1_000);

export const createGroupEndpoint = endpoint({
  summary: 'Make an access group',
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject({
    group_name: z.string(),
    display_name: z.string().nullish(),
    description: z.string().nullish(),
    model_aliases: ALIASES.nullish(),
  }),
  query: NO_QUERY,
  refusals: ['access_group_exists', 'model_alias_unknown', 'value_invalid'],
  answer: ACCESS_GROUP,
  async handle({ stores, actor, body }) {
    const made = await addGroup(stores, actor, {
      name: body.group_name,
      displayName: body.display_name ?? undefined,
      description: body.description ?? undefined,
      aliases: body.model_aliases ?? [],
    });
    return isRefusal(made) ? made : oneView(stores, made);
  },
});

export const listGroupsEndpoint = endpoint({
  summary: 'The access groups with the models that they grant',
  action: 'models.details',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ status: z.string().optional() }),
  answer: z.array(ACCESS_GROUP),
  async handle({ stores, query }) {
    const all = await groupViews(stores);
    return all.filter(({ status }) => (query.status ?? status) === status);
  },
});

export const getGroupEndpoint = endpoint({
  summary: 'One access group, with teams that have it',
  action: 'models.details',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: ACCESS_GROUP,
  handle: async ({ stores, id }) => oneView(stores, id),
});

export const updateGroupEndpoint = changing(
  'Change what an access group is called, and whether it grants anything',
  z.strictObject({
    display_name: z.string().nullish(),
    description: z.string().nullish(),
    status: z.enum(['active', 'inactive']).nullish(),
  }),
  ({ display_name: displayName, description, status }) => ({
    displayName: displayName ?? undefined,
    description: description ?? undefined,
    active: status === null || status === undefined ? undefined : status === 'active',
  }),
);

const MODELS = z.strictObject({ model_aliases: ALIASES });

export const groupModelsEndpoint = changing(
  'Say anew which models an access group grants',
  MODELS,
  ({ model_aliases: given }) => ({ aliases: () => given }),
);
export const addGroupModelsEndpoint = changing(
  'Have an access group grant more models',
  MODELS,
  ({ model_aliases: given }) => ({ aliases: (before) => [...before, ...given] }),
);
export const removeGroupModelsEndpoint = changing(
  'Have an access group grant fewer models',
  MODELS,
  ({ model_aliases: given }) => ({
    aliases: (before) => before.filter((alias) => !given.includes(alias)),
  }),
);

export const deleteGroupEndpoint = endpoint({
  summary: 'Take an access group away that no team has',
  action: 'models.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  refusals: ['access_group_in_use', 'access_group_unknown', 'catalog_of_file'],
  answer: SAID,
  async handle({ stores, actor, id }) {
    const removed = await removeGroup(stores, actor, id);
    return isRefusal(removed)
      ? removed
      : { message: `Model access group '${id}' deleted successfully` };
  },
});

function changing<Body extends z.ZodType>(
  summary: string,
  body: Body,
  read: (body: z.output<Body>) => GroupChange,
): Endpoint {
  return endpoint({
    summary,
    action: 'models.change',
    target: 'nothing',
    body,
    query: NO_QUERY,
    refusals: ['access_group_unknown', 'catalog_of_file', 'model_alias_unknown', 'value_invalid'],
    answer: ACCESS_GROUP,
    async handle({ stores, actor, id, body: given }) {
      const changed = await changeGroup(stores, actor, id, read(given));
      return isRefusal(changed) ? changed : oneView(stores, changed);
    },
  });
}

async function groupViews(stores: Stores): Promise<Told<typeof ACCESS_GROUP>[]> {
  const { catalog, accessGroups } = stores.records;
  const [all, stored, file, models, given] = await Promise.all([
    accessGroups.list(),
    catalog.groups(),
    catalog.ofFile(),
    unusedViewsOf(stores),
    catalog.teamsByGroup(TEAMS_SHOWN_MAX),
  ]);
  return all.map(({ name, displayName, aliases }) => {
    const own = stored.find((group) => group.name === name);
    const ofFile = file.groups.some((group) => group.name === name);
    const granted = ofFile ? aliases : (own?.aliases ?? []);
    return {
      group_name: name,
      display_name: displayName,
      description: own?.description ?? null,
      status: ofFile || own?.active === true ? 'active' : 'inactive',
      model_aliases: models
        .filter((model) => granted.includes(model.model_alias))
        .map((model) => ({
          model_alias: model.model_alias,
          display_name: model.display_name,
          provider: model.provider,
          actual_model: model.actual_model,
        })),
      model_count: granted.length,
      origin: ofFile ? 'file' : 'api',
      team_count: given.get(name)?.count ?? 0,
      teams_using: given.get(name)?.ids ?? [],
      created_at: own?.createdAt.toISOString() ?? null,
      updated_at: own?.updatedAt.toISOString() ?? null,
    };
  });
}

const LONGEST_ECHO = 80;

async function oneView(stores: Stores, name: string): Promise<Told<typeof ACCESS_GROUP> | Refusal> {
  const all = await groupViews(stores);
  const found = all.find((group) => group.group_name === name);
  const known = all.map((group) => group.group_name).join(', ');
  return found ?? refuse('access_group_unknown', { group: name.slice(0, LONGEST_ECHO), known });
}
