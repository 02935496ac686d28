/** Where events are posted to. */
export interface WebhookEndpoint {
  readonly id: string;
  /** Null for one that hears of every organization. */
  readonly organizationId: string | null;
  readonly url: string;
  /** Empty for all kinds of events. */
  readonly kinds: readonly WebhookKind[];
  /** Sealed for `webhook:<id>`. */
  readonly secret: Uint8Array;
  /** The secret before the last rotation signs, too, until `previousUntil`. */
  readonly previousSecret: Uint8Array | null;
  readonly previousUntil: Date | null;
  readonly status: 'active' | 'disabled';
  readonly statusReason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  /** `webhook-id`: the same at each try, so that who gets it twice can tell. */
  readonly id: string;
  readonly endpointId: string;
  readonly kind: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly triedAt: Date | null;
  /** What the endpoint answered to the last try; null where it did not. */
  readonly httpStatus: number | null;
  readonly complaint: string | null;
  readonly createdAt: Date;
}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The events that webhooks tell of. */
export const WEBHOOK_KINDS = [
  'organization.changed',
  'team.changed',
  'key.changed',
  'user.changed',
  'member.changed',
  'end_user.changed',
  'credits.posted',
  'grant.expiring',
  'job.ended',
  'alert.changed',
] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** What the operator allows webhooks. */
export interface WebhookPolicy {
  /** Addresses and ranges that may be reached although they are private. */
  readonly allowedAddresses: readonly string[];
  /** Whether `http://` may be used. */
  readonly allowHttp: boolean;
}

export interface WebhookRecords {
  insert(endpoint: Omit<WebhookEndpoint, 'createdAt'>): Promise<void>;
  find(id: string): Promise<WebhookEndpoint | undefined>;
  /** In the order of their making; those of an organization, or all. */
  list(organizationId?: string): Promise<WebhookEndpoint[]>;
  update(
    id: string,
    change: Partial<Omit<WebhookEndpoint, 'id' | 'organizationId' | 'createdBy' | 'createdAt'>>,
  ): Promise<void>;
  /** With all its deliveries. */
  remove(id: string): Promise<void>;
  /** Active endpoints that hear of this. */
  listening(organizationId: string, kind: WebhookKind): Promise<WebhookEndpoint[]>;
  /** Nothing happens where the endpoint has this event already. */
  enqueue(delivery: NewDelivery): Promise<void>;
  /**
   * Takes deliveries that are due, at most `perEndpoint` of each, none of the endpoints `but`. Until `leaseUntil`
   * nobody else gets them: whoever took them may die.
   */
  take(wish: TakeWish): Promise<WebhookDelivery[]>;
  /** Notes how a try went. */
  noted(id: string, result: DeliveryResult): Promise<void>;
  /** The latest first. */
  deliveries(filter: DeliveryFilter): Promise<WebhookDelivery[]>;
  /** Sends again what was delivered or given up; answers how many will be. */
  again(filter: AgainFilter, at: Date): Promise<number>;
  /** How many are due and wait, and since when. */
  waiting(at: Date): Promise<{ readonly count: number; readonly since: Date | null }>;
}

export interface NewDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: bigint;
  readonly kind: WebhookKind;
  readonly body: string;
  readonly nextAt: Date;
}

export interface TakeWish {
  readonly at: Date;
  readonly leaseUntil: Date;
  readonly limit: number;
  readonly perEndpoint: number;
  readonly but: readonly string[];
}

export interface DeliveryResult {
  readonly status: DeliveryStatus;
  readonly triedAt: Date;
  readonly nextAt: Date;
  readonly httpStatus: number | null;
  readonly complaint: string | null;
}

export interface DeliveryFilter {
  readonly endpointId: string;
  readonly status?: DeliveryStatus | undefined;
  readonly limit: number;
}

export type AgainFilter =
  | { readonly endpointId: string; readonly deliveryId: string }
  /** All that was given up. */
  | { readonly endpointId: string; readonly status: 'dead' }
  /** All events since a moment, delivered or not. */
  | { readonly endpointId: string; readonly since: Date };
