// Providers' keys that belong to customers. Sealed at rest, and never shown again.

import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { complaintAboutName, newId } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';

export const PROVIDERS = ['openai', 'anthropic', 'gemini', 'fireworks'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface Credential {
  readonly id: string;
  readonly organizationId: string;
  readonly provider: Provider;
  readonly name: string;
  readonly apiBase: string | null;
  /** Opened for its place, `credential:<id>`, alone. */
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly active: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CredentialRecords {
  find(id: string): Promise<Credential | undefined>;
  /** In the order of their making. */
  list(filter: CredentialFilter): Promise<Credential[]>;
  insert(credential: Omit<Credential, 'createdAt' | 'updatedAt'>): Promise<void>;
  update(id: string, change: CredentialUpdate): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface CredentialFilter {
  readonly organizationId?: string | undefined;
  readonly provider?: Provider | undefined;
  readonly activeOnly: boolean;
}
type CredentialUpdate = Partial<Pick<Credential, 'name' | 'apiBase' | 'sealed' | 'active'>>;

interface Wish {
  readonly organizationId: string;
  readonly provider: Provider;
  readonly apiKey: string;
  readonly apiBase: string | null;
  readonly name: string;
}

/** Longer than any provider's keys, service accounts in JSON included. */
const API_KEY_MAX_LENGTH = 16_384;

/** Keeps a provider's key for a customer; it is the active one of that provider from then on. */
export async function addCredential(
  stores: Stores,
  actor: Actor,
  wish: Wish,
): Promise<Credential | Refusal> {
  const { records, sealer } = stores;
  const refusal = complaintAbout(wish);
  if (refusal !== undefined) {
    return refusal;
  }
  return toldOf(
    stores,
    await records.change<Credential>(async (inside) => {
      // The row lock makes two additions at once wait for each other.
      const organization = await inside.organizations.locked(wish.organizationId);
      if (organization === undefined) {
        return refuse('organization_unknown', { organization: wish.organizationId });
      }
      const other = await activeOf(inside, wish);
      if (other !== undefined) {
        const { organizationId: organizationOf, provider } = wish;
        return refuse('credential_exists', { organization: organizationOf, provider });
      }
      const { apiKey, ...rest } = wish;
      const id = newId();
      const sealed = sealer.seal(apiKey, placeOfCredential(id));
      await inside.credentials.insert({ ...rest, id, sealed, active: true, createdBy: actor.id });
      await tell(inside, actor, id, 'credential.created', rest);
      return found(inside, id);
    }),
  );
}

export interface CredentialChange {
  readonly apiKey?: string | undefined;
  readonly apiBase?: string | null | undefined;
  readonly name?: string | undefined;
  readonly active?: boolean | undefined;
}

/** Changes a credential, or switches it on or off. */
export async function changeCredential(
  stores: Stores,
  actor: Actor,
  id: string,
  change: CredentialChange,
): Promise<Credential | Refusal> {
  const { records, sealer } = stores;
  const refusal = complaintAbout(change);
  if (refusal !== undefined) {
    return refusal;
  }
  return toldOf(
    stores,
    await records.change<Credential>(async (inside) => {
      const before = await inside.credentials.find(id);
      if (before === undefined) {
        return refuse('credential_unknown', { credential: id });
      }
      await inside.organizations.locked(before.organizationId);
      const other = change.active === true ? await activeOf(inside, before) : undefined;
      if (other !== undefined && other.id !== id) {
        const { organizationId: organization, provider } = before;
        return refuse('credential_exists', { organization, provider });
      }
      const { apiKey, apiBase, name, active } = change;
      await inside.credentials.update(id, {
        ...(apiKey === undefined ? {} : { sealed: sealer.seal(apiKey, placeOfCredential(id)) }),
        ...(apiBase === undefined ? {} : { apiBase }),
        ...(name === undefined ? {} : { name }),
        ...(active === undefined ? {} : { active }),
      });
      const after = { apiBase, name, active, keyReplaced: apiKey !== undefined };
      await tell(inside, actor, id, 'credential.updated', after);
      return found(inside, id);
    }),
  );
}

/** Forgets a credential for ever. */
export async function removeCredential(
  stores: Stores,
  actor: Actor,
  id: string,
): Promise<Credential | Refusal> {
  return toldOf(
    stores,
    await stores.records.change<Credential>(async (inside) => {
      const before = await inside.credentials.find(id);
      if (before === undefined) {
        return refuse('credential_unknown', { credential: id });
      }
      await inside.credentials.remove(id);
      const { organizationId, provider, name } = before;
      await tell(inside, actor, id, 'credential.removed', { organizationId, provider, name });
      return before;
    }),
  );
}

/** What a credential is sealed to. */
export function placeOfCredential(id: string): string {
  return `credential:${id}`;
}

/** Which keys the proxies call with is a part of the catalog. */
async function toldOf(stores: Stores, done: Credential | Refusal): Promise<Credential | Refusal> {
  if (!isRefusal(done)) {
    await tellGate(stores, { catalog: true });
  }
  return done;
}

async function activeOf(
  records: Records,
  { organizationId, provider }: Pick<Credential, 'organizationId' | 'provider'>,
): Promise<Credential | undefined> {
  const [active] = await records.credentials.list({ organizationId, provider, activeOnly: true });
  return active;
}

async function found(records: Records, id: string): Promise<Credential | Refusal> {
  const credential = await records.credentials.find(id);
  return credential ?? refuse('credential_unknown', { credential: id });
}

async function tell(
  records: Records,
  actor: Actor,
  id: string,
  action: string,
  after: Readonly<Record<string, unknown>>,
): Promise<void> {
  await records.audit.write({ actor, action, target: placeOfCredential(id), after });
  await records.catalog.lockForChange();
  await records.outbox.add({ kind: 'catalog.changed' });
}

function complaintAbout({ apiKey, apiBase, name }: CredentialChange): Refusal | undefined {
  const aboutKey = apiKey === undefined ? undefined : complaintAboutProviderKey(apiKey);
  const complaint =
    aboutKey !== undefined
      ? (['api_key', aboutKey] as const)
      : typeof apiBase === 'string' && !isWebAddress(apiBase)
        ? (['api_base', 'it is no http or https address without a password'] as const)
        : name === undefined
          ? undefined
          : (['credential_name', complaintAboutName(name)] as const);
  const [field, what] = complaint ?? [];
  return field === undefined || what === undefined
    ? undefined
    : refuse('value_invalid', { field, complaint: what });
}

/** What is wrong with a provider's key, or undefined if nothing is. */
export function complaintAboutProviderKey(apiKey: string): string | undefined {
  if (apiKey.length > API_KEY_MAX_LENGTH) {
    return `it has more than ${API_KEY_MAX_LENGTH} characters`;
  }
  return /^[\x20-\x7e\n\t]+$/.test(apiKey)
    ? undefined
    : 'it is empty, or holds characters that no key has';
}

export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
