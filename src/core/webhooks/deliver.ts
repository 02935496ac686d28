import type { Stores } from '../stores.ts';
import { webhookPlace } from './manage.ts';
import { complaintAboutUrl } from './reach.ts';
import { signedHeaders } from './signature.ts';
import { waitAfterTry } from './tries.ts';
import type { DeliveryResult, WebhookDelivery, WebhookEndpoint } from './webhook.ts';

/** Posts a signed message; answers what came back. Throws what kept it from coming. */
export type PostWebhook = (message: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<{ readonly status: number }>;

/** "This endpoint is gone and wants no more": the specification's word for it. */
const GONE = 410;

/**
 * Tries a delivery once and notes how it went: delivered with any 2xx, else tried again later, else dead, which
 * is kept to be seen and sent again. An endpoint that says 410 is disabled.
 */
export async function deliverWebhook(
  stores: Stores,
  delivery: WebhookDelivery,
  post: PostWebhook,
): Promise<DeliveryResult> {
  const { webhooks } = stores.records;
  const endpoint = await webhooks.find(delivery.endpointId);
  const result =
    endpoint === undefined
      ? failed(stores, delivery, null, 'the endpoint was removed')
      : await tryOnce(stores, delivery, endpoint, post);
  if (result.httpStatus === GONE && endpoint !== undefined) {
    await webhooks.update(endpoint.id, {
      status: 'disabled',
      statusReason: 'it answered 410 Gone',
    });
  }
  await webhooks.noted(delivery.id, result);
  return result;
}

async function tryOnce(
  stores: Stores,
  delivery: WebhookDelivery,
  endpoint: WebhookEndpoint,
  post: PostWebhook,
): Promise<DeliveryResult> {
  const { id, body } = delivery;
  const now = new Date(stores.clock());
  // The policy may have become stricter since the URL was given.
  const complaint = complaintAboutUrl(endpoint.url, stores.settings.webhooks);
  if (complaint !== undefined) {
    return failed(stores, delivery, null, complaint);
  }
  try {
    const signed = signedHeaders({ id, body, atMs: now.getTime() }, secretsOf(stores, endpoint));
    const headers = { ...signed, 'content-type': 'application/json' };
    const { status } = await post({ url: endpoint.url, headers, body });
    return status >= 200 && status < 300
      ? { status: 'delivered', triedAt: now, nextAt: now, httpStatus: status, complaint: null }
      : failed(stores, delivery, status, `it answered ${status}`);
  } catch (error) {
    return failed(stores, delivery, null, (error as Error).message);
  }
}

function secretsOf({ sealer, clock }: Stores, endpoint: WebhookEndpoint): string[] {
  const { secret, previousSecret, previousUntil } = endpoint;
  const isInGrace = previousUntil !== null && previousUntil.getTime() > clock();
  const sealed = isInGrace && previousSecret !== null ? [secret, previousSecret] : [secret];
  return sealed.map((each) => sealer.open(each, webhookPlace(endpoint.id)));
}

/** What a message of somebody's network may fill of a screen. */
const COMPLAINT_MAX_LENGTH = 300;

function failed(
  { clock }: Stores,
  { attempts }: WebhookDelivery,
  httpStatus: number | null,
  complaint: string,
): DeliveryResult {
  const triedAt = new Date(clock());
  const waitMs = httpStatus === GONE ? undefined : waitAfterTry(attempts);
  return {
    status: waitMs === undefined ? 'dead' : 'waiting',
    triedAt,
    nextAt: new Date(triedAt.getTime() + (waitMs ?? 0)),
    httpStatus,
    complaint: complaint.slice(0, COMPLAINT_MAX_LENGTH),
  };
}
