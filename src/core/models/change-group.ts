import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { complaintAboutId, complaintAboutName } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { groupToChange, unknownGroup } from './group-membership.ts';
import type { StoredGroup } from './stored-model.ts';

type Saved = Omit<StoredGroup, 'createdAt' | 'updatedAt'>;

export interface GroupWish {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly aliases: readonly string[];
}

/** Makes an access group that teams may be given. */
export async function addGroup(
  stores: Stores,
  actor: Actor,
  { name, displayName = name, description, aliases }: GroupWish,
): Promise<string | Refusal> {
  return changed(stores, actor, name, 'access_group.created', async (records) => {
    const complaint = complaintAboutId(name);
    if (complaint !== undefined) {
      return refuse('value_invalid', { field: 'group_name', complaint });
    }
    if ((await groupToChange(records, name)) !== undefined) {
      return refuse('access_group_exists', { group: name });
    }
    return { name, displayName, description: description ?? null, active: true, aliases };
  });
}

export interface GroupChange {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly active?: boolean | undefined;
  /** The aliases after the change, from those before. */
  readonly aliases?: ((before: readonly string[]) => readonly string[]) | undefined;
}

/** Changes a group. Of one that the file has, only what was added to it here. */
export async function changeGroup(
  stores: Stores,
  actor: Actor,
  name: string,
  change: GroupChange,
): Promise<string | Refusal> {
  return changed(stores, actor, name, 'access_group.updated', async (records) => {
    const before = await groupToChange(records, name);
    if (before === undefined) {
      return unknownGroup(records, name);
    }
    const { displayName, description, active, aliases } = change;
    const fixed = (await fileGroup(records, name))?.aliases;
    if (fixed !== undefined && (displayName ?? description ?? active) !== undefined) {
      return ofFile(name);
    }
    const all = aliases?.([...(fixed ?? []), ...before.aliases]);
    if (fixed !== undefined && all !== undefined && !fixed.every((each) => all.includes(each))) {
      return ofFile(name);
    }
    return {
      ...before,
      displayName: displayName ?? before.displayName,
      description: description ?? before.description,
      active: active ?? before.active,
      aliases: (all ?? before.aliases).filter((each) => fixed?.includes(each) !== true),
    };
  });
}

/** As many teams as a sentence can name. */
const TEAMS_NAMED_MAX = 10;

/** Takes a group away that no team has. */
export async function removeGroup(
  stores: Stores,
  actor: Actor,
  name: string,
): Promise<string | Refusal> {
  const done = await stores.records.change<string>(async (records) => {
    await records.catalog.lockForChange();
    if ((await groupToChange(records, name)) === undefined) {
      return unknownGroup(records, name);
    }
    if ((await fileGroup(records, name)) !== undefined) {
      return ofFile(name);
    }
    const teams = await records.catalog.teamsWith(name, TEAMS_NAMED_MAX);
    if (teams.length > 0) {
      return refuse('access_group_in_use', { group: name, teams: teams.join(', ') });
    }
    await records.catalog.removeGroup(name);
    await tellOf(records, actor, name, 'access_group.removed', {});
    return name;
  });
  if (!isRefusal(done)) {
    await tellGate(stores, { catalog: true });
  }
  return done;
}

async function changed(
  stores: Stores,
  actor: Actor,
  name: string,
  action: string,
  work: (records: Records) => Promise<Saved | Refusal>,
): Promise<string | Refusal> {
  const done = await stores.records.change<string>(async (records) => {
    await records.catalog.lockForChange();
    const after = await work(records);
    const refusal = isRefusal(after) ? after : await complaintAbout(records, after);
    if (refusal !== undefined || isRefusal(after)) {
      return refusal ?? (after as Refusal);
    }
    const group = { ...after, aliases: [...new Set(after.aliases)] };
    await records.catalog.saveGroup(group);
    await tellOf(records, actor, name, action, group);
    return name;
  });
  if (!isRefusal(done)) {
    await tellGate(stores, { catalog: true });
  }
  return done;
}

/** Far more than anybody offers: each is a field of the gate, in every shard. */
const ALIASES_MAX = 1_000;
const DESCRIPTION_MAX_LENGTH = 1_000;

async function complaintAbout(records: Records, group: Saved): Promise<Refusal | undefined> {
  const { displayName, description, aliases } = group;
  const aboutName = complaintAboutName(displayName);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'display_name', complaint: aboutName });
  }
  if ((description?.length ?? 0) > DESCRIPTION_MAX_LENGTH) {
    const complaint = `at most ${DESCRIPTION_MAX_LENGTH} characters are allowed`;
    return refuse('value_invalid', { field: 'description', complaint });
  }
  if (aliases.length > ALIASES_MAX) {
    const complaint = `it has ${aliases.length} names, at most ${ALIASES_MAX} are allowed`;
    return refuse('value_invalid', { field: 'model_aliases', complaint });
  }
  const [stored, file] = await Promise.all([records.catalog.models(), records.catalog.ofFile()]);
  const known = new Set([...stored.map(({ alias }) => alias), ...file.models]);
  const unknown = aliases.find((alias) => !known.has(alias));
  return unknown === undefined ? undefined : refuse('model_alias_unknown', { model: unknown });
}

async function fileGroup(records: Records, name: string) {
  return (await records.catalog.ofFile()).groups.find((group) => group.name === name);
}

function ofFile(name: string): Refusal {
  return refuse('catalog_of_file', { what: `Access group '${name}'` });
}

async function tellOf(
  records: Records,
  actor: Actor,
  name: string,
  action: string,
  after: object,
): Promise<void> {
  await records.audit.write({ actor, action, target: `access_group:${name}`, after: { ...after } });
  await records.outbox.add({ kind: 'catalog.changed' });
}
