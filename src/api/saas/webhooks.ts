import { z } from 'zod';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import {
  createWebhook,
  removeWebhook,
  resendWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from '../../core/webhooks/manage.ts';
import type { WebhookMade } from '../../core/webhooks/manage.ts';
import { DELIVERY_STATUSES } from '../../core/webhooks/webhook.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../core/webhooks/webhook.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import {
  DELIVERIES,
  RESENT,
  WEBHOOK,
  WEBHOOKS,
  WEBHOOK_MADE,
  WEBHOOK_REMOVED,
} from './answers/operations.ts';
import type { DELIVERY } from './answers/operations.ts';
import type { Told } from '../told.ts';
import { EXACT_MOMENT } from './fields.ts';

const DELIVERIES_SHOWN = 200;

const EVENTS = z.array(z.string());

export const createWebhookEndpoint = endpoint({
  isOwn: true,
  summary: 'Be told of events; the answer holds the secret that signs, this once',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({
    url: z.string(),
    /** Absent for every organization. */
    organization_id: z.string().nullish(),
    /** Absent for all events. */
    events: EVENTS.nullish(),
  }),
  query: NO_QUERY,
  refusals: ['organization_unknown'],
  answer: WEBHOOK_MADE,
  async handle({ stores, actor, body }) {
    const { url, organization_id: organizationId, events } = body;
    const wish = { organizationId: organizationId ?? null, url, kinds: events ?? [] };
    return withSecret(await createWebhook(stores, actor, wish));
  },
});

export const listWebhooksEndpoint = endpoint({
  isOwn: true,
  summary: 'Where events are posted to',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ organization_id: z.string().optional() }),
  answer: WEBHOOKS,
  async handle({ stores, query }) {
    const all = await stores.records.webhooks.list(query.organization_id);
    return { webhooks: all.map(webhookView) };
  },
});

export const updateWebhookEndpoint = endpoint({
  isOwn: true,
  summary: 'Change where and of what is told',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({
    url: z.string().optional(),
    events: EVENTS.optional(),
    status: z.enum(['active', 'disabled']).optional(),
  }),
  query: NO_QUERY,
  answer: WEBHOOK,
  async handle({ stores, actor, id, body: { url, events, status } }) {
    const changed = await updateWebhook(stores, actor, id, { url, kinds: events, status });
    return isRefusal(changed) ? changed : webhookView(changed);
  },
});

export const rotateWebhookEndpoint = endpoint({
  isOwn: true,
  summary: 'A new secret; for a day messages are signed with the old one, too',
  action: 'system.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: WEBHOOK_MADE,
  handle: async ({ stores, actor, id }) => withSecret(await rotateWebhookSecret(stores, actor, id)),
});

export const removeWebhookEndpoint = endpoint({
  isOwn: true,
  summary: 'Tell no more, and forget what waits',
  action: 'system.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: WEBHOOK_REMOVED,
  async handle({ stores, actor, id }) {
    const removed = await removeWebhook(stores, actor, id);
    return isRefusal(removed) ? removed : { ...webhookView(removed), removed: true as const };
  },
});

export const listDeliveriesEndpoint = endpoint({
  isOwn: true,
  summary: 'What was sent, waits, or was given up (status=dead), the latest first',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ status: z.enum(DELIVERY_STATUSES).optional() }),
  answer: DELIVERIES,
  async handle({ stores, id, query: { status } }) {
    if ((await stores.records.webhooks.find(id)) === undefined) {
      return refuse('webhook_unknown', { webhook: id });
    }
    const filter = { endpointId: id, status, limit: DELIVERIES_SHOWN };
    const found = await stores.records.webhooks.deliveries(filter);
    return { webhook_id: id, deliveries: found.map(deliveryView) };
  },
});

export const resendEndpoint = endpoint({
  isOwn: true,
  summary: 'Send again: one delivery, all that were given up, or all since a moment',
  action: 'system.change',
  target: 'nothing',
  body: z.union([
    z.strictObject({ delivery_id: z.string() }),
    z.strictObject({ status: z.literal('dead') }),
    z.strictObject({ since: EXACT_MOMENT }),
  ]),
  query: NO_QUERY,
  answer: RESENT,
  async handle({ stores, actor, id, body }) {
    const resent = await resendWebhooks(stores, actor, { endpointId: id, ...filterOf(body) });
    return isRefusal(resent) ? resent : { webhook_id: id, resent };
  },
});

type ResendBody =
  | { readonly delivery_id: string }
  | { readonly status: 'dead' }
  | { readonly since: string };

function filterOf(body: ResendBody) {
  if ('delivery_id' in body) {
    return { deliveryId: body.delivery_id };
  }
  return 'since' in body ? { since: new Date(body.since) } : body;
}

function withSecret(made: WebhookMade | Refusal): Told<typeof WEBHOOK_MADE> | Refusal {
  return isRefusal(made) ? made : { ...webhookView(made.endpoint), secret: made.secret };
}

/** Without its secret: that is told when it is made, and never again. */
function webhookView(webhook: WebhookEndpoint): Told<typeof WEBHOOK> {
  return {
    webhook_id: webhook.id,
    organization_id: webhook.organizationId,
    url: webhook.url,
    events: webhook.kinds,
    status: webhook.status,
    status_reason: webhook.statusReason,
    created_by: webhook.createdBy,
    created_at: webhook.createdAt.toISOString(),
  };
}

function deliveryView(delivery: WebhookDelivery): Told<typeof DELIVERY> {
  return {
    delivery_id: delivery.id,
    event: delivery.kind,
    status: delivery.status,
    attempts: delivery.attempts,
    http_status: delivery.httpStatus,
    complaint: delivery.complaint,
    created_at: delivery.createdAt.toISOString(),
    tried_at: delivery.triedAt?.toISOString() ?? null,
    next_at: delivery.status === 'waiting' ? delivery.nextAt.toISOString() : null,
  };
}
