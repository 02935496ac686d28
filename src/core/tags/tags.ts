// What is said of tags: written, changed, taken back. Keys and what was used under a tag are not touched.

import type { Actor } from '../audit/audit.ts';
import { complaintAboutName } from '../ids.ts';
import { TAG_MAX_LENGTH } from '../keys/key-terms.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Tag } from './tag.ts';

export type TagChange = Partial<Pick<Tag, 'description' | 'metadata'>>;

export async function createTag(
  stores: Stores,
  actor: Actor,
  { name, description = null, metadata = {} }: Pick<Tag, 'name'> & TagChange,
): Promise<Tag | Refusal> {
  const complaint = complaintAboutTag(name);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'name', complaint });
  }
  return stores.records.change<Tag>(async (records) => {
    if (!(await records.tags.insert({ name, description, metadata, createdBy: actor.id }))) {
      return refuse('tag_exists', { tag: name });
    }
    const target = targetOf(name);
    await records.audit.write({ actor, action: 'tag.created', target, after: { description } });
    return found(records, name);
  });
}

export async function changeTag(
  stores: Stores,
  actor: Actor,
  name: string,
  change: TagChange,
): Promise<Tag | Refusal> {
  return stores.records.change<Tag>(async (records) => {
    if (!(await records.tags.update(name, change))) {
      return refuse('tag_unknown', { tag: name });
    }
    const after = { ...change };
    await records.audit.write({ actor, action: 'tag.changed', target: targetOf(name), after });
    return found(records, name);
  });
}

export async function removeTag(
  stores: Stores,
  actor: Actor,
  name: string,
): Promise<{ readonly removed: string } | Refusal> {
  return stores.records.change(async (records) => {
    if (!(await records.tags.remove(name))) {
      return refuse('tag_unknown', { tag: name });
    }
    await records.audit.write({ actor, action: 'tag.removed', target: targetOf(name) });
    return { removed: name };
  });
}

/** As for the tags of keys, so that each can be borne by one. */
function complaintAboutTag(name: string): string | undefined {
  return name.length > TAG_MAX_LENGTH
    ? `it has ${name.length} characters, at most ${TAG_MAX_LENGTH} are allowed`
    : complaintAboutName(name);
}

async function found({ tags }: Records, name: string): Promise<Tag> {
  const [tag] = await tags.list([name]);
  if (tag === undefined) {
    throw new Error(`Reading tag ${name}: it was written in the same transaction and is not there`);
  }
  return tag;
}

function targetOf(name: string): string {
  return `tag:${name}`;
}
