// /tag/*: what is said of the tags that keys bear, and under which usage is told apart.

import { z } from 'zod';
import { changeTag, createTag, removeTag } from '../../core/tags/tags.ts';
import type { Tag } from '../../core/tags/tag.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { BOUNDS } from './bounds.ts';
import { DAYS, rangeOf } from './activity.ts';
import { detailed, listed } from './errors.ts';
import { extrasOf, givenOf, storedMetadata } from './extras.ts';
import { usageBy } from './usage-scopes.ts';
import { TAGS, TAGS_BY_NAME, TAG_CHANGED, TAG_DELETED, TAG_NAMES } from './answers/tags.ts';
import type { TAG_TOLD } from './answers/tags.ts';
import type { Told } from '../told.ts';

const TAG_BOUNDS = { ...BOUNDS, budget_id: z.string().nullish() };
const KEPT = ['models', 'model_info'];
const TAG = z.strictObject({
  name: z.string(),
  description: z.string().nullish(),
  models: z.array(z.string()).nullish(),
  model_info: z.record(z.string(), z.string()).nullish(),
  ...TAG_BOUNDS,
});
type TagBody = z.output<typeof TAG>;

function tagView({ name, description, metadata, ...tag }: Tag): Told<typeof TAG_TOLD> {
  const extras = extrasOf(metadata);
  return {
    name,
    description,
    models: (extras['models'] ?? []) as readonly string[],
    model_info: (extras['model_info'] ?? {}) as Readonly<Record<string, string>>,
    created_at: tag.createdAt.toISOString(),
    updated_at: tag.updatedAt.toISOString(),
    created_by: tag.createdBy,
  };
}

/** What would have to hold on the next call, and does not: taken silently it would be a false promise. */
function complaintAboutBounds(body: TagBody): Answer | undefined {
  const fields = body as Readonly<Record<string, unknown>>;
  const unheld = Object.keys(TAG_BOUNDS).find(
    (field) => fields[field] !== undefined && fields[field] !== null && fields[field] !== '',
  );
  return unheld === undefined
    ? undefined
    : detailed(
        400,
        `${unheld} is not offered for tags: nothing would hold calls to it. Bound the keys or their team.`,
      );
}

function told(no: Refusal, name: string): Refusal | Answer {
  return no.refused === 'tag_exists'
    ? detailed(400, `Tag ${name} already exists`)
    : no.refused === 'tag_unknown'
      ? detailed(404, `Tag ${name} not found`)
      : no;
}

export const tagNewEndpoint = endpoint({
  summary: 'Say something of a tag',
  action: 'system.change',
  target: 'nothing',
  body: TAG,
  keptOnly: KEPT,
  query: NO_QUERY,
  better: ['A name that is taken is a 400, not a 500.'],
  answer: TAG_CHANGED,
  async handle({ stores, actor, body }) {
    const mistake = complaintAboutBounds(body);
    if (mistake !== undefined) {
      return mistake;
    }
    const { name, description = null } = body;
    const metadata = storedMetadata({}, givenOf(body, KEPT));
    const tag = await createTag(stores, actor, { name, description, metadata });
    return isRefusal(tag)
      ? told(tag, name)
      : { message: `Tag ${name} created successfully`, tag: tagView(tag) };
  },
});

export const tagUpdateEndpoint = endpoint({
  summary: 'Change what is said of a tag: only the fields that were sent',
  action: 'system.change',
  target: 'nothing',
  body: TAG,
  keptOnly: KEPT,
  query: NO_QUERY,
  better: ['A name that is unknown is a 404, not a 500.'],
  refusals: ['tag_unknown'],
  answer: TAG_CHANGED,
  async handle({ stores, actor, body }) {
    const mistake = complaintAboutBounds(body);
    if (mistake !== undefined) {
      return mistake;
    }
    const { name, description } = body;
    const [before] = await stores.records.tags.list([name]);
    const extras = { ...extrasOf(before?.metadata ?? {}), ...givenOf(body, KEPT) };
    const tag = await changeTag(stores, actor, name, {
      ...(description === undefined ? {} : { description }),
      metadata: storedMetadata({}, extras),
    });
    return isRefusal(tag)
      ? told(tag, name)
      : { message: `Tag ${name} updated successfully`, tag: tagView(tag) };
  },
});

export const tagDeleteEndpoint = endpoint({
  summary: 'Take back what is said of a tag; keys bear it on',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({ name: z.string() }),
  query: NO_QUERY,
  better: ['A name that is unknown is a 404, not a 500.'],
  refusals: ['tag_unknown'],
  answer: TAG_DELETED,
  async handle({ stores, actor, body: { name } }) {
    const removed = await removeTag(stores, actor, name);
    return isRefusal(removed)
      ? told(removed, name)
      : { message: `Tag ${name} deleted successfully` };
  },
});

/** As many as one page of a list shows. */
const NAMES_MAX = 500;

export const tagInfoEndpoint = endpoint({
  summary: 'What is said of tags, by their names',
  action: 'system.read',
  target: 'nothing',
  body: z.strictObject({ names: z.array(z.string()).max(NAMES_MAX) }),
  query: NO_QUERY,
  better: ['A name that is unknown is a 404, not a 500.'],
  refusals: ['tag_unknown'],
  answer: TAGS_BY_NAME,
  async handle({ stores, body: { names } }) {
    const tags = await stores.records.tags.list(names);
    const missing = names.filter((name) => !tags.some((tag) => tag.name === name));
    return missing.length > 0
      ? detailed(404, `Tags not found: ${listed(missing)}`)
      : Object.fromEntries(tags.map((tag) => [tag.name, tagView(tag)]));
  },
});

const BORNE_ONLY = 'Keys bear it; nothing else is said of it.';

export const tagListEndpoint = endpoint({
  summary: 'The tags that keys bear, and those of which something is said',
  action: 'organization.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject(DAYS),
  answer: TAGS,
  async handle({ stores, query, within }) {
    const { start_date: from, end_date: to } = query;
    if ((from === undefined) !== (to === undefined)) {
      return detailed(400, 'start_date and end_date must be provided together');
    }
    const range = from === undefined ? undefined : rangeOf(query, stores.clock());
    if (isRefusal(range)) {
      return range;
    }
    const borne =
      range === undefined
        ? await stores.records.directory.tags(within.organizationId)
        : (await usageBy(stores, within, range, ['tag'])).map(({ names }) => names.tag ?? '');
    const inSight = within.organizationId === undefined ? undefined : borne;
    const said = await stores.records.tags.list(inSight);
    const others = borne.filter((name) => !said.some((tag) => tag.name === name));
    return [
      ...said.map(tagView),
      ...others.map((name) => ({ name, description: BORNE_ONLY, models: null })),
    ];
  },
});

export const tagNamesEndpoint = endpoint({
  summary: 'The names of the tags that keys bear',
  action: 'organization.read',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: TAG_NAMES,
  handle: async ({ stores, within }) => ({
    tag_names: await stores.records.directory.tags(within.organizationId),
  }),
});
