// Lists of end users, and what was used for them, confined to the organization that the caller sees.

import { z } from 'zod';
import type { Within } from '../../core/permission/caller.ts';
import { usdToNumber } from '../../core/money.ts';
import { isRefusal } from '../../core/refusals.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { customerDay, rangeOf } from './activity.ts';
import { customerViews } from './customer-view.ts';
import { ACTIVITY_FILTER, activityAnswer } from './daily-activity.ts';
import { listOf } from './list-query.ts';
import { pageField, partOf, sizeField } from './paging.ts';
import { CUSTOMER_IDS, CUSTOMER_TOLD, SPEND_OF_CUSTOMER } from './answers/customers.ts';
import { ACTIVITY } from './answers/reports.ts';

/** LiteLLM answers all at once; beyond this a client turns pages. */
const LIST_MAX = 1_000;

function seenIn({ organizationId }: Within): { readonly organizationId?: string } {
  return organizationId === undefined ? {} : { organizationId };
}

export const customerListEndpoint = endpoint({
  summary: 'End users, in the order of their coming',
  action: 'organization.people.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ page: pageField(), page_size: sizeField(LIST_MAX) }),
  better: ['It can be turned page by page.'],
  answer: z.array(CUSTOMER_TOLD),
  async handle({ stores, query, within }) {
    const page = { page: query.page ?? 1, size: query.page_size ?? LIST_MAX };
    const search = { ...seenIn(within), ...partOf(page) };
    return customerViews(stores, (await stores.records.endUsers.search(search)).rows);
  },
});

export const customerActivityEndpoint = endpoint({
  summary: 'What was used for end users, day by day',
  action: 'organization.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    end_user_ids: z.string().optional(),
    exclude_end_user_ids: z.string().optional(),
    ...ACTIVITY_FILTER,
  }),
  answer: ACTIVITY,
  async handle({ stores, query, within }) {
    const days = rangeOf(query, stores.clock());
    if (isRefusal(days)) {
      return days;
    }
    const endUserIds = listOf(query.end_user_ids);
    const excluded = listOf(query.exclude_end_user_ids) ?? [];
    const used = await stores.records.usage.ofEndUsers({
      ...seenIn(within),
      ...(endUserIds === undefined ? {} : { endUserIds }),
      days,
      each: 'day_and_model',
    });
    const rows = used.filter(({ endUserId }) => !excluded.includes(endUserId)).map(customerDay);
    return activityAnswer(stores, rows, query, 'customer');
  },
});

const DAY_OR_MOMENT = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

export const spendOfCustomersEndpoint = endpoint({
  summary: 'End users by what was spent for them, the dearest first',
  action: 'organization.usage',
  target: 'listed',
  body: z
    .strictObject({
      startTime: DAY_OR_MOMENT.nullish(),
      endTime: DAY_OR_MOMENT.nullish(),
    })
    .nullish()
    .transform((body) => body ?? {}),
  query: NO_QUERY,
  answer: z.array(SPEND_OF_CUSTOMER),
  async handle({ stores, body, within }) {
    const days = rangeOf(
      { start_date: body.startTime ?? undefined, end_date: body.endTime ?? undefined },
      stores.clock(),
    );
    if (isRefusal(days)) {
      return days;
    }
    const used = await stores.records.usage.ofEndUsers({
      ...seenIn(within),
      days,
      each: 'end_user',
    });
    return used
      .map(({ endUserId, calls, costNanoUsd }) => ({
        end_user: endUserId,
        total_count: Number(calls),
        total_spend: usdToNumber(costNanoUsd),
      }))
      .sort((one, other) => other.total_spend - one.total_spend)
      .slice(0, RANKED);
  },
});

/** As many as LiteLLM tells. */
const RANKED = 100;

export const allCustomersEndpoint = endpoint({
  summary: 'The ids of end users',
  action: 'organization.people.read',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: CUSTOMER_IDS,
  async handle({ stores, within }) {
    const search = { ...seenIn(within), offset: 0, limit: LIST_MAX };
    const { rows } = await stores.records.endUsers.search(search);
    return { end_users: [...new Set(rows.map(({ id }) => id))] };
  },
});
