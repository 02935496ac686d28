import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { complaintAboutProviderKey, isWebAddress } from '../credentials/credential.ts';
import { complaintAboutName } from '../ids.ts';
import { scaleRoundingUp } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { complaintAboutModelName } from './model-rules.ts';
import { PROVIDER_ADDRESSES } from './provider.ts';
import { placeGroups, withoutAlias } from './group-membership.ts';
import { MODEL_STATUSES, placeOfModelKey } from './stored-model.ts';
import type { ModelStatus, StoredModel, StoredPrice } from './stored-model.ts';

/** What people say of a model; what is undefined stays as it is. */
export interface ModelChange {
  readonly displayName?: string | undefined;
  readonly provider?: string | undefined;
  readonly upstreamModel?: string | undefined;
  readonly description?: string | undefined;
  /** USD per million tokens; both or neither. */
  readonly inputUsd?: number | undefined;
  readonly outputUsd?: number | undefined;
  readonly status?: string | undefined;
  readonly credentialName?: string | undefined;
  readonly apiBase?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** All groups that grant it. */
  readonly groups?: readonly string[] | undefined;
}
export type ModelWish = ModelChange &
  Required<{ [Name in 'displayName' | 'provider' | 'upstreamModel']: string }> & {
    readonly alias: string;
  };

/** Makes a model that the proxies serve from the next request on. */
export async function addModel(
  stores: Stores,
  actor: Actor,
  { alias, ...wish }: ModelWish,
): Promise<StoredModel | Refusal> {
  return changed(stores, alias, async (records) => {
    const complaint = complaintAboutModelName(alias, 'model_alias');
    if (complaint !== undefined) {
      return complaint;
    }
    const { models } = await records.catalog.ofFile();
    if (models.includes(alias) || (await records.catalog.model(alias)) !== undefined) {
      return refuse('model_exists', { model: alias });
    }
    const refusal = await save(stores, records, { ...BLANK, alias, ...names(wish) }, wish);
    return refusal ?? tellOf(records, actor, alias, 'model.created', wish);
  });
}

/** Changes a model that was made here. Calls under way end as they began. */
export async function changeModel(
  stores: Stores,
  actor: Actor,
  alias: string,
  change: ModelChange,
): Promise<StoredModel | Refusal> {
  return changed(stores, alias, async (records) => {
    const before = await storedModel(records, alias);
    if (isRefusal(before)) {
      return before;
    }
    const refusal = await save(stores, records, before, change);
    return refusal ?? tellOf(records, actor, alias, 'model.updated', change);
  });
}

/** Takes a model away, out of every group, too. */
export async function removeModel(
  stores: Stores,
  actor: Actor,
  alias: string,
): Promise<StoredModel | Refusal> {
  let removed: StoredModel | Refusal = refuse('model_alias_unknown', { model: alias });
  const done = await stores.records.change(async (records) => {
    await records.catalog.lockForChange();
    removed = await storedModel(records, alias);
    if (isRefusal(removed)) {
      return removed;
    }
    await withoutAlias(records, alias);
    await records.catalog.removeModel(alias);
    await tellOf(records, actor, alias, 'model.removed', {});
    return removed;
  });
  if (!isRefusal(done)) {
    await tellGate(stores, { catalog: true });
  }
  return done;
}

const BLANK = {
  description: null,
  price: null,
  status: 'active',
  credentialName: null,
  apiBase: null,
  sealedKey: null,
  maxOutputTokens: null,
} as const;

type Draft = Omit<StoredModel, 'createdAt' | 'updatedAt'>;

async function changed(
  stores: Stores,
  alias: string,
  work: (records: Records) => Promise<Refusal | undefined>,
): Promise<StoredModel | Refusal> {
  const done = await stores.records.change<StoredModel>(async (records) => {
    await records.catalog.lockForChange();
    // Saved just now, inside of this change.
    return (await work(records)) ?? storedModel(records, alias);
  });
  if (!isRefusal(done)) {
    await tellGate(stores, { catalog: true });
  }
  return done;
}

async function storedModel(records: Records, alias: string): Promise<StoredModel | Refusal> {
  const model = await records.catalog.model(alias);
  if (model !== undefined) {
    return model;
  }
  const { models } = await records.catalog.ofFile();
  return models.includes(alias)
    ? refuse('catalog_of_file', { what: `Model '${alias}'` })
    : refuse('model_alias_unknown', { model: alias });
}

async function save(
  { sealer, settings }: Stores,
  records: Records,
  before: Draft,
  change: ModelChange,
): Promise<Refusal | undefined> {
  const price = priceAfter(before.price, change);
  const complaint = complaintAbout(before, change) ?? (isRefusal(price) ? price : undefined);
  if (complaint !== undefined || isRefusal(price)) {
    return complaint;
  }
  const { apiKey, description, credentialName, apiBase, maxOutputTokens, status } = change;
  const after: Draft = {
    ...before,
    ...names(change, before),
    price,
    description: description ?? before.description,
    credentialName: credentialName ?? before.credentialName,
    apiBase: apiBase ?? before.apiBase,
    maxOutputTokens: maxOutputTokens ?? before.maxOutputTokens,
    status: (status ?? before.status) as ModelStatus,
    sealedKey:
      apiKey === undefined ? before.sealedKey : sealer.seal(apiKey, placeOfModelKey(before.alias)),
  };
  const { provider, upstreamModel: model } = after;
  if (
    after.price === null &&
    settings.knownModels.ofUpstream({ provider, model }).price === undefined
  ) {
    const known = `no price is known for ${model} of ${provider}; give pricing_input and pricing_output in USD per million tokens`;
    return refuse('value_invalid', { field: 'pricing_input', complaint: known });
  }
  await records.catalog.saveModel(after);
  return change.groups === undefined
    ? undefined
    : placeGroups(records, before.alias, [...new Set(change.groups)]);
}

function names(
  change: ModelChange,
  before?: Draft,
): Pick<Draft, 'displayName' | 'provider' | 'upstreamModel'> {
  return {
    displayName: change.displayName ?? before?.displayName ?? '',
    provider: (change.provider ?? before?.provider ?? '').toLowerCase(),
    upstreamModel: change.upstreamModel ?? before?.upstreamModel ?? '',
  };
}

/** A dollar per million tokens is a million pico-USD per token. */
const PICO_USD_PER_TOKEN_POWER = 6;
/** Past the dearest model by far; beyond it, somebody meant another unit. */
const PRICE_MAX_USD = 100_000;

function priceAfter(
  before: StoredPrice | null,
  { inputUsd, outputUsd }: ModelChange,
): StoredPrice | null | Refusal {
  if (inputUsd === undefined && outputUsd === undefined) {
    return before;
  }
  const wrong = [inputUsd, outputUsd].find(
    (usd) => usd !== undefined && !(usd >= 0 && usd <= PRICE_MAX_USD),
  );
  if (wrong !== undefined) {
    const complaint = `${wrong} is not from 0 to ${PRICE_MAX_USD} USD per million tokens`;
    return refuse('value_invalid', { field: 'pricing_input or pricing_output', complaint });
  }
  const input = inputUsd === undefined ? before?.inputPicoUsdPerToken : pico(inputUsd);
  const output = outputUsd === undefined ? before?.outputPicoUsdPerToken : pico(outputUsd);
  if (input === undefined || output === undefined) {
    const complaint = 'a price has both, pricing_input and pricing_output';
    return refuse('value_invalid', { field: 'pricing', complaint });
  }
  return { inputPicoUsdPerToken: input, outputPicoUsdPerToken: output };
}

function pico(usdPerMillionTokens: number): bigint {
  return scaleRoundingUp(usdPerMillionTokens, PICO_USD_PER_TOKEN_POWER);
}

const DESCRIPTION_MAX_LENGTH = 1_000;
/** Past the longest answers of any model. */
const OUTPUT_TOKENS_MAX = 10_000_000;

function complaintAbout(before: Draft, change: ModelChange): Refusal | undefined {
  const { provider, upstreamModel, displayName } = names(change, before);
  const { description = '', status = 'active', credentialName, apiKey, apiBase } = change;
  const { maxOutputTokens = 1 } = change;
  const address = apiBase ?? before.apiBase ?? undefined;
  const found: readonly (readonly [field: string, complaint: string | undefined])[] = [
    ['display_name', complaintAboutName(displayName)],
    ['provider', aboutProvider(provider, address)],
    [
      'api_base',
      apiBase === undefined || isWebAddress(apiBase)
        ? undefined
        : 'it is no http or https address without a password',
    ],
    [
      'description',
      description.length > DESCRIPTION_MAX_LENGTH
        ? `at most ${DESCRIPTION_MAX_LENGTH} characters are allowed`
        : undefined,
    ],
    [
      'status',
      MODEL_STATUSES.some((each) => each === status)
        ? undefined
        : `it must be one of ${MODEL_STATUSES.join(', ')}`,
    ],
    [
      'credential_name',
      credentialName === undefined ? undefined : complaintAboutName(credentialName),
    ],
    ['api_key', apiKey === undefined ? undefined : complaintAboutProviderKey(apiKey)],
    [
      'max_output_tokens',
      maxOutputTokens >= 1 && maxOutputTokens <= OUTPUT_TOKENS_MAX
        ? undefined
        : `it must be from 1 to ${OUTPUT_TOKENS_MAX}`,
    ],
  ];
  const [field, complaint] = found.find(([, each]) => each !== undefined) ?? [];
  return field === undefined || complaint === undefined
    ? complaintAboutModelName(upstreamModel, 'actual_model')
    : refuse('value_invalid', { field, complaint });
}

function aboutProvider(provider: string, address: string | undefined): string | undefined {
  return address !== undefined || Object.hasOwn(PROVIDER_ADDRESSES, provider)
    ? complaintAboutName(provider)
    : `it must be one of ${Object.keys(PROVIDER_ADDRESSES).join(', ')}, or have an api_base`;
}

async function tellOf(
  records: Records,
  actor: Actor,
  alias: string,
  action: string,
  { apiKey, ...change }: ModelChange,
): Promise<undefined> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const after = {
    ...Object.fromEntries(given),
    ...(apiKey === undefined ? {} : { keyReplaced: true }),
  };
  await records.audit.write({ actor, action, target: `model:${alias}`, after });
  await records.outbox.add({ kind: 'catalog.changed' });
  return undefined;
}
