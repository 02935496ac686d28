import type { Actor } from '../audit/audit.ts';
import { newId } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import { complaintAboutUrl } from './reach.ts';
import { newWebhookSecret } from './signature.ts';
import { WEBHOOK_KINDS } from './webhook.ts';
import type { AgainFilter, WebhookEndpoint, WebhookKind } from './webhook.ts';

/** Who verifies signatures has a day to take over the new secret. */
const GRACE_MS = DAY_MS;
/** Each event is written once for each endpoint. */
const ENDPOINTS_PER_ORGANIZATION_MAX = 20;

export interface WebhookWish {
  /** Null for every organization. */
  readonly organizationId: string | null;
  readonly url: string;
  /** Empty for all. */
  readonly kinds: readonly string[];
}

/** An endpoint with its secret, which is told this once. */
export interface WebhookMade {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Where the secrets of an endpoint are sealed for. */
export function webhookPlace(id: string): string {
  return `webhook:${id}`;
}

/** Makes an endpoint. What happens from now on is posted to it. */
export async function createWebhook(
  stores: Stores,
  actor: Actor,
  wish: WebhookWish,
): Promise<WebhookMade | Refusal> {
  const { organizationId, url } = wish;
  const kinds = kindsOf(wish.kinds);
  const refusal = refuseUrl(stores, url) ?? (Array.isArray(kinds) ? undefined : kinds);
  if (refusal !== undefined || !Array.isArray(kinds)) {
    return refusal ?? refuseKinds('');
  }
  const id = newId();
  const secret = newWebhookSecret();
  return stores.records.change<WebhookMade>(async (records) => {
    const unknown = await refuseOrganization(records, organizationId);
    if (unknown !== undefined) {
      return unknown;
    }
    await records.webhooks.insert({
      id,
      organizationId,
      url,
      kinds,
      secret: stores.sealer.seal(secret, webhookPlace(id)),
      previousSecret: null,
      previousUntil: null,
      status: 'active',
      statusReason: null,
      createdBy: actor.id,
    });
    await audit(records, actor, 'webhook.created', id, { url, kinds });
    return { endpoint: await found(records, id), secret };
  });
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly status?: 'active' | 'disabled' | undefined;
}

/** Changes an endpoint. What waits for it goes to the new URL; while it is disabled, nothing goes. */
export async function updateWebhook(
  stores: Stores,
  actor: Actor,
  id: string,
  { url, kinds, status }: WebhookChange,
): Promise<WebhookEndpoint | Refusal> {
  const known = kinds === undefined ? undefined : kindsOf(kinds);
  const refusal = url === undefined ? undefined : refuseUrl(stores, url);
  if (refusal !== undefined) {
    return refusal;
  }
  if (known !== undefined && !Array.isArray(known)) {
    return known;
  }
  const change = {
    ...(url === undefined ? {} : { url }),
    ...(known === undefined ? {} : { kinds: known }),
    ...(status === undefined ? {} : { status, statusReason: null }),
  };
  return changeWebhook(stores, id, async (records) => {
    await records.webhooks.update(id, change);
    await audit(records, actor, 'webhook.changed', id, change);
    return found(records, id);
  });
}

/** Gives an endpoint a new secret; for a day messages are signed with both. */
export async function rotateWebhookSecret(
  stores: Stores,
  actor: Actor,
  id: string,
): Promise<WebhookMade | Refusal> {
  const secret = newWebhookSecret();
  return changeWebhook(stores, id, async (records, before) => {
    await records.webhooks.update(id, {
      secret: stores.sealer.seal(secret, webhookPlace(id)),
      previousSecret: before.secret,
      previousUntil: new Date(stores.clock() + GRACE_MS),
    });
    await audit(records, actor, 'webhook.secret_rotated', id, {});
    return { endpoint: await found(records, id), secret };
  });
}

/** Removes an endpoint and all that waits for it. */
export async function removeWebhook(
  stores: Stores,
  actor: Actor,
  id: string,
): Promise<WebhookEndpoint | Refusal> {
  return changeWebhook(stores, id, async (records, before) => {
    await records.webhooks.remove(id);
    await audit(records, actor, 'webhook.removed', id, { url: before.url });
    return before;
  });
}

/** Sends deliveries again, with the ids that they had. Answers how many. */
export async function resendWebhooks(
  stores: Stores,
  actor: Actor,
  filter: AgainFilter,
): Promise<number | Refusal> {
  return changeWebhook(stores, filter.endpointId, async (records) => {
    const count = await records.webhooks.again(filter, new Date(stores.clock()));
    await audit(records, actor, 'webhook.resent', filter.endpointId, { count });
    return count;
  });
}

async function changeWebhook<Answer>(
  stores: Stores,
  id: string,
  work: (records: Records, before: WebhookEndpoint) => Promise<Answer>,
): Promise<Answer | Refusal> {
  return stores.records.change<Answer>(async (records) => {
    const before = await records.webhooks.find(id);
    return before === undefined
      ? refuse('webhook_unknown', { webhook: id })
      : work(records, before);
  });
}

/** Inside of a change: what was just written is there. */
async function found(records: Records, id: string): Promise<WebhookEndpoint> {
  return (await records.webhooks.find(id)) as WebhookEndpoint;
}

function kindsOf(kinds: readonly string[]): WebhookKind[] | Refusal {
  const unknown = kinds.find((kind) => !(WEBHOOK_KINDS as readonly string[]).includes(kind));
  return unknown === undefined ? ([...kinds] as WebhookKind[]) : refuseKinds(unknown);
}

function refuseKinds(unknown: string): Refusal {
  const complaint = `there is no event "${unknown}", known are ${WEBHOOK_KINDS.join(', ')}`;
  return refuse('value_invalid', { field: 'events', complaint });
}

function refuseUrl({ settings }: Stores, url: string): Refusal | undefined {
  const complaint = complaintAboutUrl(url, settings.webhooks);
  return complaint === undefined ? undefined : refuse('value_invalid', { field: 'url', complaint });
}

async function refuseOrganization(
  records: Records,
  organizationId: string | null,
): Promise<Refusal | undefined> {
  if (organizationId !== null) {
    const organization = await records.organizations.locked(organizationId);
    if (organization === undefined) {
      return refuse('organization_unknown', { organization: organizationId });
    }
  }
  const others = await records.webhooks.list(organizationId ?? undefined);
  const count = others.filter((each) => each.organizationId === organizationId).length;
  return count < ENDPOINTS_PER_ORGANIZATION_MAX
    ? undefined
    : refuse('value_invalid', {
        field: 'url',
        complaint: `there are ${count} webhooks already, at most ${ENDPOINTS_PER_ORGANIZATION_MAX} are allowed`,
      });
}

async function audit(
  records: Records,
  actor: Actor,
  action: string,
  id: string,
  after: Readonly<Record<string, unknown>>,
): Promise<void> {
  await records.audit.write({ actor, action, target: `webhook:${id}`, after });
}
