// Provider credentials. A key that came in is in no answer after.

import { z } from 'zod';
import {
  addCredential,
  changeCredential,
  PROVIDERS,
  removeCredential,
} from '../../core/credentials/credential.ts';
import type { Credential, Provider } from '../../core/credentials/credential.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { organizationOf } from './organizations.ts';
import { CREDENTIAL, CREDENTIALS, CREDENTIAL_REMOVED } from './answers/operations.ts';
import type { Told } from '../told.ts';

const NEVER_SHOWN = 'A key that was stored is in no answer, include_api_key or not.';
const FLAG = z.enum(['true', 'false']).default('true');
const INCLUDE = z.strictObject({ include_api_key: z.enum(['true', 'false']).optional() });

export const createCredentialEndpoint = endpoint({
  summary: "Keep a provider's key for an organization",
  action: 'credentials.change',
  target: 'nothing',
  better: ['Sealed at rest by a key of its own under the master key.'],
  body: z.strictObject({
    organization_id: z.string(),
    provider: z.string(),
    api_key: z.string(),
    api_base: z.string().nullish(),
    credential_name: z.string(),
  }),
  query: NO_QUERY,
  refusals: ['organization_unknown'],
  answer: CREDENTIAL,
  async handle({ stores, actor, body }) {
    const provider = providerOf(body.provider);
    if (isWorded(provider)) {
      return provider;
    }
    const organization = await organizationOf(stores, body.organization_id);
    if (isRefusal(organization)) {
      return organization;
    }
    const added = await addCredential(stores, actor, {
      organizationId: body.organization_id,
      provider,
      apiKey: body.api_key,
      apiBase: body.api_base ?? null,
      name: body.credential_name,
    });
    return isRefusal(added) ? added : credentialView(added);
  },
});

export const listCredentialsEndpoint = endpoint({
  summary: 'List credentials',
  action: 'credentials.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({
    organization_id: z.string().optional(),
    provider: z.string().optional(),
    active_only: FLAG,
  }),
  answer: z.array(CREDENTIAL),
  async handle({ stores, query }) {
    const provider = query.provider === undefined ? undefined : providerOf(query.provider);
    if (isWorded(provider)) {
      return provider;
    }
    const found = await stores.records.credentials.list({
      organizationId: query.organization_id,
      provider,
      activeOnly: query.active_only === 'true',
    });
    return found.map(credentialView);
  },
});

export const credentialsOfEndpoint = endpoint({
  summary: 'The credentials of an organization',
  action: 'credentials.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ active_only: FLAG }),
  answer: CREDENTIALS,
  async handle({ stores, id, query }) {
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const activeOnly = query.active_only === 'true';
    const found = await stores.records.credentials.list({ organizationId: id, activeOnly });
    return { organization_id: id, credentials: found.map(credentialView) };
  },
});

export const credentialOfProviderEndpoint = endpoint({
  summary: 'The active credential of an organization for one provider',
  action: 'credentials.read',
  target: 'nothing',
  better: [NEVER_SHOWN],
  body: NOTHING,
  query: INCLUDE,
  answer: CREDENTIAL,
  async handle({ stores, id, params }) {
    const provider = providerOf(params['provider'] ?? '');
    if (isWorded(provider)) {
      return provider;
    }
    const filter = { organizationId: id, provider, activeOnly: true };
    const [found] = await stores.records.credentials.list(filter);
    if (found === undefined) {
      const detail = `No active credential found for organization '${id}' and provider '${provider}'`;
      return { refusal: refuse('credential_unknown', { credential: provider }), detail };
    }
    return credentialView(found);
  },
});

export const getCredentialEndpoint = endpoint({
  summary: 'One credential',
  action: 'credentials.read',
  target: 'nothing',
  better: [NEVER_SHOWN],
  body: NOTHING,
  query: INCLUDE,
  answer: CREDENTIAL,
  async handle({ stores, id }) {
    const found = await stores.records.credentials.find(id);
    return found === undefined ? unknown(id) : credentialView(found);
  },
});

export const updateCredentialEndpoint = endpoint({
  summary: 'Change a credential',
  action: 'credentials.change',
  target: 'nothing',
  body: z.strictObject({
    api_key: z.string().nullish(),
    api_base: z.string().nullish(),
    credential_name: z.string().nullish(),
    is_active: z.boolean().nullish(),
  }),
  query: NO_QUERY,
  answer: CREDENTIAL,
  async handle({ stores, actor, id, body }) {
    const changed = await changeCredential(stores, actor, id, {
      apiKey: body.api_key ?? undefined,
      apiBase: body.api_base ?? undefined,
      name: body.credential_name ?? undefined,
      active: body.is_active ?? undefined,
    });
    return isRefusal(changed) ? changed : credentialView(changed);
  },
});

export const deleteCredentialEndpoint = endpoint({
  summary: 'Forget a credential',
  action: 'credentials.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: CREDENTIAL_REMOVED,
  async handle({ stores, actor, id }) {
    const removed = await removeCredential(stores, actor, id);
    const message = `Provider credential '${id}' deleted successfully`;
    return isRefusal(removed) ? removed : { credential_id: id, message };
  },
});

export const activateCredentialEndpoint = switching(true);
export const deactivateCredentialEndpoint = switching(false);

function switching(active: boolean): Endpoint {
  return endpoint({
    summary: active ? 'Switch a credential on' : 'Switch a credential off',
    action: 'credentials.change',
    target: 'nothing',
    body: NOTHING,
    query: NO_QUERY,
    answer: CREDENTIAL,
    async handle({ stores, actor, id }) {
      const changed = await changeCredential(stores, actor, id, { active });
      return isRefusal(changed) ? inWordsOfActivation(changed) : credentialView(changed);
    },
  });
}

function inWordsOfActivation(refusal: Refusal): Refusal | Worded {
  const detail =
    'Cannot activate: organization already has an active credential for this provider. Deactivate the other one first.';
  return refusal.refused === 'credential_exists' ? { refusal, detail } : refusal;
}

function providerOf(given: string): Provider | Worded {
  const provider = PROVIDERS.find((each) => each === given);
  const known = PROVIDERS.join(', ');
  const detail = `Invalid provider: ${given.slice(0, LONGEST_ECHO)}. Must be one of: ${known}`;
  const complaint = `it must be one of ${known}`;
  return provider ?? { refusal: refuse('value_invalid', { field: 'provider', complaint }), detail };
}

const LONGEST_ECHO = 40;

function unknown(id: string): Refusal {
  return refuse('credential_unknown', { credential: id.slice(0, LONGEST_ECHO) });
}

function credentialView(credential: Credential): Told<typeof CREDENTIAL> {
  return {
    credential_id: credential.id,
    organization_id: credential.organizationId,
    provider: credential.provider,
    credential_name: credential.name,
    api_base: credential.apiBase,
    is_active: credential.active,
    created_at: credential.createdAt.toISOString(),
    updated_at: credential.updatedAt.toISOString(),
    has_api_key: true,
  };
}
