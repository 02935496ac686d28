// /model/new, update, delete. LiteLLM's models are deployments, many of which may share a name; a model that is made
// here is one upstream under one name, and its id is that name.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { addGroup } from '../../core/models/change-group.ts';
import type { ModelChange } from '../../core/models/change-model.ts';
import { addModel, changeModel, removeModel } from '../../core/models/change-model.ts';
import { listedModels } from '../../core/models/listed-models.ts';
import type { StoredModel } from '../../core/models/stored-model.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { wrapped } from './errors.ts';
import type { Told } from '../told.ts';
import { knownModel, modelView } from './model-view.ts';
import { MODEL_CHANGED, MODEL_DELETED } from './answers/models.ts';

const PARAMS = z.strictObject({
  model: z.string().nullish(),
  custom_llm_provider: z.string().nullish(),
  api_key: z.string().nullish(),
  api_base: z.string().nullish(),
  litellm_credential_name: z.string().nullish(),
  input_cost_per_token: z.number().nullish(),
  output_cost_per_token: z.number().nullish(),
  max_tokens: z.int().nullish(),
});
const INFO = z.strictObject({
  id: z.string().nullish(),
  access_groups: z.array(z.string()).nullish(),
  team_id: z.string().nullish(),
  description: z.string().nullish(),
  input_cost_per_token: z.number().nullish(),
  output_cost_per_token: z.number().nullish(),
  max_output_tokens: z.int().nullish(),
});
const FIELDS = {
  model_name: z.string().nullish(),
  litellm_params: PARAMS.nullish(),
  model_info: INFO.nullish(),
  blocked: z.boolean().nullish(),
};
type Fields = z.output<z.ZodObject<typeof FIELDS>>;

const PER_MILLION = 1_000_000;
/** Pico-USD per token in USD per million tokens. */
const PICO_PER_MICRO = 1_000_000;
/** As many digits as a price has; a float's last ones are noise. */
const PRICE_DIGITS = 12;

function perMillion(usdPerToken: number | null | undefined): number | undefined {
  return usdPerToken === null || usdPerToken === undefined
    ? undefined
    : Number((usdPerToken * PER_MILLION).toPrecision(PRICE_DIGITS));
}

/** Names that are known without their provider. */
const KNOWN: readonly (readonly [beginning: RegExp, provider: string])[] = [
  [/^claude/, 'anthropic'],
  [/^gemini/, 'gemini'],
];

/** `openai/gpt-4o` in its two parts. */
function upstreamOf({ model, custom_llm_provider: own }: z.output<typeof PARAMS>) {
  if (!model) {
    return { provider: own ?? undefined, upstreamModel: undefined };
  }
  const [, prefix, rest] = /^([^/]+)\/(.+)$/.exec(model) ?? [];
  const known = KNOWN.find(([beginning]) => beginning.test(model))?.[1] ?? 'openai';
  return own
    ? { provider: own, upstreamModel: prefix === own ? rest : model }
    : { provider: prefix ?? known, upstreamModel: rest ?? model };
}

function changeFrom({ litellm_params: given, model_info: info, blocked }: Fields): ModelChange {
  const params = given ?? {};
  return {
    ...upstreamOf(params),
    groups: info?.access_groups ?? undefined,
    description: info?.description ?? undefined,
    inputUsd: perMillion(params.input_cost_per_token ?? info?.input_cost_per_token),
    outputUsd: perMillion(params.output_cost_per_token ?? info?.output_cost_per_token),
    maxOutputTokens: info?.max_output_tokens ?? params.max_tokens ?? undefined,
    credentialName: params.litellm_credential_name ?? undefined,
    apiKey: params.api_key ?? undefined,
    apiBase: params.api_base ?? undefined,
    status: blocked === true ? 'inactive' : blocked === false ? 'active' : undefined,
  };
}

function complaintAbout({ model_info: info }: Fields): Answer | undefined {
  return info?.team_id
    ? wrapped(400, {
        error: `A model belongs to no team here: give it to teams by an access group, in model_info.access_groups.`,
      })
    : undefined;
}

async function told(
  stores: Stores,
  alias: string,
  caller: Caller,
  change: 'created' | 'updated',
): Promise<Told<typeof MODEL_CHANGED>> {
  const model = (await listedModels(stores.records)).find((each) => each.alias === alias);
  const [known] = model === undefined ? [] : await knownModel(stores, model);
  const view = known === undefined ? {} : modelView(known, caller);
  const blocked = model?.stored?.status === 'inactive';
  return { model_id: alias, ...view, blocked, [`${change}_by`]: caller.actor.id };
}

/** LiteLLM takes one half of a price, and the other is what its catalogue has: ours is asked for it. */
function wholePrice(
  { settings }: Stores,
  change: ModelChange,
  known: StoredModel | undefined,
): ModelChange {
  const { inputUsd, outputUsd } = change;
  const provider = change.provider ?? known?.provider ?? '';
  const model = change.upstreamModel ?? known?.upstreamModel ?? '';
  const isHalf = (inputUsd === undefined) !== (outputUsd === undefined);
  const listed =
    isHalf && !known?.price
      ? settings.knownModels.ofUpstream({ provider, model }).price
      : undefined;
  const usd = (pico: bigint | undefined): number | undefined =>
    pico === undefined ? undefined : Number(pico) / PICO_PER_MICRO;
  return {
    ...change,
    inputUsd: inputUsd ?? usd(listed?.inputPicoUsdPerToken),
    outputUsd: outputUsd ?? usd(listed?.outputPicoUsdPerToken),
  };
}

/** LiteLLM's access groups are made by naming them: those that are not there are made with the model. */
async function withGroups(
  stores: Stores,
  actor: Actor,
  { groups = [] }: ModelChange,
  work: (inside: Stores) => Promise<StoredModel | Refusal>,
): Promise<StoredModel | Refusal> {
  return together<StoredModel>(stores, async (inside) => {
    const known = (await inside.records.accessGroups.list()).map(({ name }) => name);
    for (const name of new Set(groups.filter((each) => !known.includes(each)))) {
      const made = await addGroup(inside, actor, { name, aliases: [] });
      if (isRefusal(made) && made.refused !== 'access_group_exists') {
        return made;
      }
    }
    return work(inside);
  });
}

export const modelNewEndpoint = endpoint({
  summary: 'Make a model that clients may call',
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject({ ...FIELDS, model_name: z.string(), litellm_params: PARAMS }),
  query: NO_QUERY,
  better: ['It holds on the next request of every proxy.', 'A name that is taken is refused.'],
  answer: MODEL_CHANGED,
  async handle({ stores, caller, body }) {
    const mistake = complaintAbout(body);
    if (mistake !== undefined) {
      return mistake;
    }
    const alias = body.model_name;
    const { provider, upstreamModel, ...change } = wholePrice(stores, changeFrom(body), undefined);
    if (provider === undefined || upstreamModel === undefined) {
      return wrapped(400, { error: 'litellm_params.model is required' });
    }
    const wish = { ...change, alias, displayName: alias, provider, upstreamModel };
    const added = await withGroups(stores, caller.actor, wish, async (inside) =>
      addModel(inside, caller.actor, wish),
    );
    return isRefusal(added) ? added : told(stores, alias, caller, 'created');
  },
});

async function update(
  stores: Stores,
  caller: Caller,
  alias: string,
  body: Fields,
): Promise<Told<typeof MODEL_CHANGED> | Refusal | Answer> {
  const mistake = complaintAbout(body);
  if (mistake !== undefined) {
    return mistake;
  }
  if (body.model_name && body.model_name !== alias) {
    const error = `A model keeps its name, which is its id: make ${body.model_name}, and delete ${alias}.`;
    return wrapped(400, { error });
  }
  const known = await stores.records.catalog.model(alias);
  const change = wholePrice(stores, changeFrom(body), known);
  const changed = await withGroups(stores, caller.actor, change, async (inside) =>
    changeModel(inside, caller.actor, alias, change),
  );
  if (!isRefusal(changed)) {
    return told(stores, alias, caller, 'updated');
  }
  switch (changed.refused) {
    case 'model_alias_unknown':
      return wrapped(404, `Model ${alias} not found on proxy.`, {
        type: 'not_found_error',
        param: 'model_id',
      });
    case 'catalog_of_file':
      return inFile();
    default:
      return changed;
  }
}

function inFile(): Answer {
  const error = "Can't edit model. Model in config. Store model in db via `/model/new`. to edit.";
  return wrapped(400, { error });
}

export const modelUpdateEndpoint = endpoint({
  summary:
    'Change a model that was made here; model_info.id says which, or `id` as its Python client has it',
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject({ id: z.string().nullish(), ...FIELDS }),
  query: NO_QUERY,
  answer: MODEL_CHANGED,
  handle: async ({ stores, caller, body }) => {
    const id = body.model_info?.id ?? body.id ?? body.model_name;
    return id
      ? update(stores, caller, id, body)
      : wrapped(400, { error: 'model_info.id is required' });
  },
});

export const modelPatchEndpoint = endpoint({
  summary: 'Change a model that was made here: only the fields that were sent',
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject(FIELDS),
  query: NO_QUERY,
  answer: MODEL_CHANGED,
  handle: async ({ stores, caller, id, body }) => update(stores, caller, id, body),
});

export const modelDeleteEndpoint = endpoint({
  summary: 'Take a model away, and out of every access group',
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject({ id: z.string() }),
  query: NO_QUERY,
  answer: MODEL_DELETED,
  async handle({ stores, actor, body: { id } }) {
    const removed = await removeModel(stores, actor, id);
    if (!isRefusal(removed)) {
      return { message: `Model: ${id} deleted successfully` };
    }
    switch (removed.refused) {
      case 'model_alias_unknown':
        return wrapped(400, { error: `Model with id=${id} not found in db` });
      case 'catalog_of_file':
        return inFile();
      default:
        return removed;
    }
  },
});

export const modelBlockEndpoint = blocking(true);
export const modelUnblockEndpoint = blocking(false);

function blocking(blocked: boolean): Endpoint {
  return endpoint({
    summary: blocked
      ? 'Serve a model that was made here no longer, on the next request of every proxy'
      : 'Serve a model again',
    action: 'models.change',
    target: 'nothing',
    body: z.strictObject({ model_id: z.string() }),
    query: NO_QUERY,
    refusals: ['model_alias_unknown'],
    answer: MODEL_CHANGED,
    handle: async ({ stores, caller, body: { model_id: id } }) =>
      update(stores, caller, id, { blocked }),
  });
}
