// /credentials: providers' keys by their names. LiteLLM's belong to nobody; here they are those of the house, which
// serve every customer who has none of their own.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import {
  addCredential,
  changeCredential,
  PROVIDERS,
  removeCredential,
} from '../../core/credentials/credential.ts';
import type { Credential, Provider } from '../../core/credentials/credential.ts';
import { listedModels } from '../../core/models/listed-models.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import type { Told } from '../told.ts';
import { CREDENTIAL_DONE, CREDENTIAL_ITEM, CREDENTIAL_LIST } from './answers/credentials.ts';
import { DEFAULT_ORGANIZATION, ensureDefault } from './default-organization.ts';
import { wrapped } from './errors.ts';

const VALUES = z.strictObject({ api_key: z.string().nullish(), api_base: z.string().nullish() });
const INFO = z.strictObject({ custom_llm_provider: z.string().nullish() });

/** What stands in place of a key. */
const MASK = '****';

function itemOf({ name, provider, apiBase }: Credential): Told<typeof CREDENTIAL_ITEM> {
  return {
    credential_name: name,
    display_name: null,
    credential_values: { api_key: MASK, ...(apiBase === null ? {} : { api_base: apiBase }) },
    credential_info: { custom_llm_provider: provider },
    source: 'db',
  };
}

/** Those of the house, active or not, in the order of their making. */
async function all({ records }: Stores): Promise<Credential[]> {
  return records.credentials.list({ organizationId: DEFAULT_ORGANIZATION, activeOnly: false });
}

async function named(stores: Stores, name: string): Promise<Credential | undefined> {
  return (await all(stores)).find((credential) => credential.name === name);
}

function unknown(name: string): Answer {
  return wrapped(404, `Credential not found. Got credential name: ${name}`);
}

/** OpenAI, openai and OPENAI are one. */
function providerFrom(given: string | null | undefined): Provider | undefined {
  return PROVIDERS.find((provider) => provider === given?.toLowerCase());
}

export const credentialsEndpoint = endpoint({
  summary: "Providers' keys, without the keys",
  action: 'credentials.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: CREDENTIAL_LIST,
  handle: async ({ stores }) => ({
    success: true as const,
    credentials: (await all(stores)).map(itemOf),
  }),
});

export const credentialByNameEndpoint = endpoint({
  summary: "A provider's key by its name, without the key",
  action: 'credentials.read',
  target: 'nothing',
  better: ['Nothing of the key is shown, not even how it begins.'],
  body: NOTHING,
  query: NO_QUERY,
  answer: CREDENTIAL_ITEM,
  async handle({ stores, id }) {
    const found = await named(stores, id);
    return found === undefined ? unknown(id) : itemOf(found);
  },
});

export const credentialByModelEndpoint = endpoint({
  summary: 'The key that a model is called with, by the name of the model, without the key',
  action: 'credentials.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: CREDENTIAL_ITEM,
  async handle({ stores, id }) {
    const model = (await listedModels(stores.records)).find(({ alias }) => alias === id)?.stored;
    const found = (await all(stores)).find(
      ({ name, provider, active }) =>
        active && provider === model?.provider && name === (model.credentialName ?? name),
    );
    return found === undefined || model?.sealedKey !== null
      ? wrapped(404, 'Model not found')
      : itemOf(found);
  },
});

export const credentialNewEndpoint = endpoint({
  summary: "Keep a provider's key for all customers who have none of their own",
  action: 'credentials.change',
  target: 'nothing',
  better: ['Sealed at rest by a key of its own under the master key.'],
  body: z.strictObject({
    credential_name: z.string(),
    credential_info: INFO,
    credential_values: VALUES.nullish(),
  }),
  query: NO_QUERY,
  refusals: ['credential_exists'],
  answer: CREDENTIAL_DONE,
  async handle({ stores, actor, body }) {
    const { credential_name: name, credential_values: values } = body;
    const provider = providerFrom(body.credential_info.custom_llm_provider);
    if (provider === undefined || !values?.api_key) {
      const error = `A credential has credential_values.api_key and credential_info.custom_llm_provider, which is one of ${PROVIDERS.join(', ')}.`;
      return wrapped(400, { error });
    }
    if ((await named(stores, name)) !== undefined) {
      const message = `Credential '${name}' already exists. Update it with PATCH /credentials/${name}, or delete it first.`;
      return wrapped(409, message);
    }
    const wish = { provider, name, apiKey: values.api_key, apiBase: values.api_base || null };
    const added = await together<Credential>(stores, async (inside) => {
      const refusal = await ensureDefault(inside, actor, DEFAULT_ORGANIZATION);
      return (
        refusal ?? addCredential(inside, actor, { ...wish, organizationId: DEFAULT_ORGANIZATION })
      );
    });
    return isRefusal(added) ? added : done('Credential created successfully');
  },
});

export const credentialPatchEndpoint = endpoint({
  summary: "Change a provider's key: only the fields that were sent",
  action: 'credentials.change',
  target: 'nothing',
  body: z.strictObject({
    credential_name: z.string().nullish(),
    credential_info: INFO.nullish(),
    credential_values: VALUES.nullish(),
  }),
  query: NO_QUERY,
  answer: CREDENTIAL_DONE,
  async handle({ stores, actor, id, body }) {
    const before = await named(stores, id);
    const provider = body.credential_info?.custom_llm_provider;
    if (before === undefined) {
      return unknown(id);
    }
    if (provider && providerFrom(provider) !== before.provider) {
      return wrapped(400, { error: `The provider of a credential stays ${before.provider}.` });
    }
    const { api_key: apiKey, api_base: apiBase } = body.credential_values ?? {};
    const name = body.credential_name || undefined;
    if (name !== undefined && name !== id && (await named(stores, name)) !== undefined) {
      return wrapped(409, `Credential '${name}' already exists.`);
    }
    const changed = await changeCredential(stores, actor, before.id, {
      name,
      apiKey: apiKey ?? undefined,
      apiBase: apiBase === '' ? null : (apiBase ?? undefined),
    });
    return isRefusal(changed) ? changed : done('Credential updated successfully');
  },
});

export const credentialDeleteEndpoint = endpoint({
  summary: "Forget a provider's key",
  action: 'credentials.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: CREDENTIAL_DONE,
  handle: async ({ stores, actor, id }) => forgotten(stores, actor, id),
});

async function forgotten(
  stores: Stores,
  actor: Actor,
  name: string,
): Promise<Told<typeof CREDENTIAL_DONE> | Refusal | Answer> {
  const before = await named(stores, name);
  if (before === undefined) {
    return unknown(name);
  }
  const removed = await removeCredential(stores, actor, before.id);
  return isRefusal(removed) ? removed : done('Credential deleted successfully');
}

function done(message: string): Told<typeof CREDENTIAL_DONE> {
  return { success: true, message };
}
