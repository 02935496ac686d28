// Access groups: looked at, made, changed, taken away.

import { isRepeated } from '../core/change.ts';
import { addGroup, changeGroup, removeGroup } from '../core/models/change-group.ts';
import { once } from '../core/once.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import {
  groupCard,
  groupGoneSpeech,
  GROUP_MODELS_SHOWN,
  groupQuestion,
} from './blocks/access-group.ts';
import type { GroupFacts } from './blocks/access-group.ts';
import type { Call } from './call.ts';
import { pageOf, tellPage } from './paging.ts';
import { refusalSpeech } from './replies.ts';

/** As many as a message names. */
const TEAMS_READ = 20;

export interface GroupWords {
  readonly group?: string;
  readonly title?: string;
  readonly description?: string;
}

export async function showGroup(call: Call, name: string): Promise<void> {
  const facts = await readGroup(call.bot.stores, name);
  if (isRefusal(facts)) {
    await call.reply(refusalSpeech(facts));
    return;
  }
  const models = facts.models.toSorted();
  const placeOf = (model: string) => model;
  const page = pageOf(call, models, { size: GROUP_MODELS_SHOWN, placeOf });
  await tellPage(call, groupCard(facts, { page }));
}

export async function makeGroup(
  call: Call,
  words: GroupWords & { readonly models?: readonly string[] },
): Promise<void> {
  const { group: name = '', title, description, models = [] } = words;
  await change(call, async (stores) =>
    addGroup(stores, call.actor, { name, displayName: title, description, aliases: models }),
  );
}

/** What holds of a group, in the words in which it is changed. */
export async function groupStanding(
  stores: Stores,
  { group: name = '' }: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const found = (await readAll(stores)).get(name);
  if (found === undefined) {
    return {};
  }
  const { models, title, description, active } = found;
  return {
    add: models.length === 0 ? 'none' : models.join(', '),
    title,
    ...(description === null ? {} : { description }),
    active: active ? 'yes' : 'no',
  };
}

export async function changeGroupFrom(
  call: Call,
  words: GroupWords & {
    readonly add?: readonly string[];
    readonly remove?: readonly string[];
    readonly active?: boolean;
  },
): Promise<void> {
  const { group: name = '', title, description, active, add = [], remove = [] } = words;
  if (Object.keys(words).length < 2) {
    const complaint = 'nothing to change was named, like add= or remove=';
    await call.reply(refusalSpeech(refuse('value_invalid', { field: 'add', complaint })));
    return;
  }
  const aliases = (before: readonly string[]) =>
    [...before, ...add].filter((each) => !remove.includes(each));
  const isListed = add.length + remove.length > 0;
  await change(call, async (stores) =>
    changeGroup(stores, call.actor, name, {
      displayName: title,
      description,
      active,
      ...(isListed ? { aliases } : {}),
    }),
  );
}

/** Asks first. */
export async function deleteGroup(
  call: Call,
  { group: name, sure }: { readonly group: string; readonly sure: boolean },
): Promise<void> {
  const facts = await readGroup(call.bot.stores, name);
  if (isRefusal(facts)) {
    await call.reply(refusalSpeech(facts));
    return;
  }
  if (!sure && facts.teams.length === 0) {
    await call.reply(groupQuestion(facts, call.onceId));
    return;
  }
  const removed = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    removeGroup(stores, call.actor, name),
  );
  if (!isRepeated(removed)) {
    await call.reply(isRefusal(removed) ? refusalSpeech(removed) : groupGoneSpeech(facts));
  }
}

/** Changes a group once, and shows what it is now beside what it was. */
async function change(
  call: Call,
  work: (stores: Stores) => Promise<string | Refusal>,
): Promise<void> {
  let before: GroupFacts | undefined;
  const done = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) => {
    const known = await readAll(stores);
    const name = await work(stores);
    before = isRefusal(name) ? undefined : known.get(name);
    return name;
  });
  if (isRepeated(done)) {
    return;
  }
  const after = isRefusal(done) ? done : await readGroup(call.bot.stores, done);
  await call.reply(isRefusal(after) ? refusalSpeech(after) : groupCard(after, { before }));
}

async function readGroup(stores: Stores, name: string): Promise<GroupFacts | Refusal> {
  const known = await readAll(stores);
  const found = known.get(name);
  if (found === undefined) {
    return refuse('access_group_unknown', { group: name, known: [...known.keys()].join(', ') });
  }
  return { ...found, teams: await stores.records.catalog.teamsWith(name, TEAMS_READ) };
}

/** All of them by their names, those that grant nothing at present with what they would. */
async function readAll({ records }: Stores): Promise<Map<string, GroupFacts>> {
  const [granted, stored, file] = await Promise.all([
    records.accessGroups.list(),
    records.catalog.groups(),
    records.catalog.ofFile(),
  ]);
  return new Map(
    granted.map(({ name, displayName, aliases }) => {
      const made = stored.find((group) => group.name === name);
      const isOfFile = file.groups.some((group) => group.name === name);
      const all = [...new Set([...aliases, ...(made?.aliases ?? [])])];
      const { description = null, active = true } = made ?? {};
      return [
        name,
        { name, title: displayName, models: all, description, active, isOfFile, teams: [] },
      ];
    }),
  );
}
