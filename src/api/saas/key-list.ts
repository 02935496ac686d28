// The keys of a team, narrowed and in order, page by page.

import { z } from 'zod';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { isRefusal } from '../../core/refusals.ts';
import { answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { teamInQuery } from '../target.ts';
import { KEY_STATUS, KEYS } from './answers/people.ts';
import { behindOf, cursorOf, nextPage } from './cursor.ts';
import { MOMENT_GIVEN, teamOf } from './fields.ts';
import { keyView } from './key-fields.ts';
import { ORDER, PAGE, ROWS_PER_PAGE_MAX } from './listing.ts';

const SORTS = {
  created_at: { field: 'createdAt', holds: 'moment' },
  name: { field: 'name', holds: 'text' },
  expires_at: { field: 'expiresAt', holds: 'moment', isOptional: true },
} as const;

export const listKeysEndpoint = endpoint({
  isOwn: true,
  summary:
    'The keys of a team, at most 1,000 at once: `total` counts those of all pages, and the `Link` header leads to the next one. Those that never expire come last in the order of `expires_at`',
  action: 'key.read',
  target: teamInQuery,
  body: NOTHING,
  query: z.strictObject({
    team_id: z.string(),
    status: KEY_STATUS.optional(),
    user_id: z.string().optional(),
    expires_before: MOMENT_GIVEN.optional(),
    sort: z.enum(Object.keys(SORTS) as (keyof typeof SORTS)[]).optional(),
    order: ORDER,
    ...PAGE,
  }),
  answer: KEYS,
  async handle({ stores, query }) {
    const sort = SORTS[query.sort ?? 'created_at'];
    const { limit = ROWS_PER_PAGE_MAX, expires_before: end } = query;
    const team = await teamOf(stores, query.team_id);
    if (isRefusal(team)) {
      return team;
    }
    const after = query.after === undefined ? undefined : behindOf(sort, query.after);
    if (isRefusal(after)) {
      return after;
    }
    const narrowed = {
      teamId: team.id,
      status: query.status,
      userId: query.user_id,
      expiresBefore: end === undefined ? undefined : new Date(end),
    };
    const total = await stores.records.keys.count(narrowed);
    const found = await stores.records.keys.list({
      ...narrowed,
      sort: sort.field,
      descending: query.order === 'desc',
      after,
      limit: limit + 1,
    });
    const keys = found.slice(0, limit);
    const last = found.length > limit ? keys.at(-1) : undefined;
    const body = { team_id: team.id, total, keys: keys.map(keyView) };
    return last === undefined
      ? body
      : answer(body, {
          headers: nextPage('/api/keys', { ...query, limit }, cursorBehind(sort, last)),
        });
  },
});

function cursorBehind(sort: (typeof SORTS)[keyof typeof SORTS], key: VirtualKey): string {
  return cursorOf(sort, { value: key[sort.field], id: key.id });
}
