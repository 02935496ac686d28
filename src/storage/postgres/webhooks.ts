import type {
  AgainFilter,
  DeliveryStatus,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookKind,
  WebhookRecords,
} from '../../core/webhooks/webhook.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Endpoints and what is on its way to them. */
export function webhooksIn(scope: PostgresScope): WebhookRecords {
  return { ...endpointsIn(scope), ...deliveriesIn(scope) };
}

type OfEndpoints = 'insert' | 'find' | 'list' | 'update' | 'remove' | 'listening';

function endpointsIn({
  webhookEndpoint: endpoints,
}: PostgresScope): Pick<WebhookRecords, OfEndpoints> {
  return {
    insert: async ({ secret, previousSecret: _none, kinds, ...endpoint }) => {
      await endpoints.create({ data: { ...endpoint, kinds: [...kinds], secret: secret as Bytes } });
    },
    async find(id) {
      const row = isUuid(id) ? await endpoints.findUnique({ where: { id } }) : null;
      return row === null ? undefined : endpointFrom(row);
    },
    list: async (organizationId) =>
      (
        await endpoints.findMany({
          where: organizationId === undefined ? {} : { organizationId },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        })
      ).map(endpointFrom),
    update: async (id, { kinds, secret, previousSecret, ...change }) => {
      const data = {
        ...change,
        ...(kinds === undefined ? {} : { kinds: [...kinds] }),
        ...(secret === undefined ? {} : { secret: secret as Bytes }),
        ...(previousSecret === undefined ? {} : { previousSecret: previousSecret as Bytes | null }),
      };
      await endpoints.update({ where: { id }, data });
    },
    remove: async (id) => {
      await endpoints.delete({ where: { id } });
    },
    listening: async (organizationId, kind) =>
      (
        await endpoints.findMany({
          where: {
            status: 'active',
            AND: [
              { OR: [{ organizationId: null }, { organizationId }] },
              { OR: [{ kinds: { isEmpty: true } }, { kinds: { has: kind } }] },
            ],
          },
        })
      ).map(endpointFrom),
  };
}

function deliveriesIn(scope: PostgresScope): Omit<WebhookRecords, OfEndpoints> {
  const { webhookDelivery: deliveries } = scope;
  return {
    enqueue: async (delivery) => {
      await deliveries.createMany({ data: delivery, skipDuplicates: true });
    },
    take: async ({ at, leaseUntil, limit, perEndpoint, but }) => {
      const taken = await scope.$queryRaw<{ id: string }[]>`
        UPDATE webhook_deliveries SET next_at = ${leaseUntil}, attempts = attempts + 1
        WHERE id IN (
          SELECT due.id FROM webhook_endpoints, LATERAL (
            SELECT id FROM webhook_deliveries
            WHERE endpoint_id = webhook_endpoints.id AND status = 'waiting' AND next_at <= ${at}
            ORDER BY next_at LIMIT ${perEndpoint} FOR UPDATE SKIP LOCKED
          ) AS due
          WHERE webhook_endpoints.status = 'active'
            AND NOT webhook_endpoints.id = ANY (${[...but]}::uuid[])
          LIMIT ${limit}
        ) RETURNING id`;
      const where = { id: { in: taken.map(({ id }) => id) } };
      return (await deliveries.findMany({ where, orderBy: { eventId: 'asc' } })).map(deliveryFrom);
    },
    noted: async (id, result) => {
      // Whoever removed the endpoint meanwhile removed this as well.
      await deliveries.updateMany({ where: { id }, data: result });
    },
    deliveries: async ({ endpointId, status, limit }) =>
      (
        await deliveries.findMany({
          where: { endpointId, ...(status === undefined ? {} : { status }) },
          orderBy: { eventId: 'desc' },
          take: limit,
        })
      ).map(deliveryFrom),
    again: async (filter, at) =>
      (
        await deliveries.updateMany({
          where: againWhere(filter),
          data: { status: 'waiting', attempts: 0, nextAt: at },
        })
      ).count,
    async waiting(at) {
      const where = { status: 'waiting', nextAt: { lte: at }, endpoint: { status: 'active' } };
      const { _count: count, _min: first } = await deliveries.aggregate({
        where,
        _count: true,
        _min: { nextAt: true },
      });
      return { count, since: first.nextAt };
    },
  };
}

/** What waits already goes by itself. */
function againWhere(filter: AgainFilter) {
  const { endpointId } = filter;
  const ended = { endpointId, status: { not: 'waiting' } };
  if ('deliveryId' in filter) {
    return { ...ended, id: filter.deliveryId };
  }
  return 'status' in filter
    ? { endpointId, status: filter.status as string }
    : { ...ended, createdAt: { gte: filter.since } };
}

function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

function endpointFrom(row: rows.WebhookEndpoint): WebhookEndpoint {
  return {
    ...row,
    kinds: row.kinds as WebhookKind[],
    status: row.status as WebhookEndpoint['status'],
  };
}

function deliveryFrom({ eventId: _eventId, ...row }: rows.WebhookDelivery): WebhookDelivery {
  return { ...row, status: row.status as DeliveryStatus };
}
