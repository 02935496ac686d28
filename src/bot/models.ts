// Models that people make: looked at, made, changed, taken away. No secret passes through Slack: a provider's key is
// stored at the management door, and a model names it here at most.

import { isRepeated } from '../core/change.ts';
import { addModel, changeModel, removeModel } from '../core/models/change-model.ts';
import type { ModelChange } from '../core/models/change-model.ts';
import { listedModels } from '../core/models/listed-models.ts';
import type { ListedModel } from '../core/models/listed-models.ts';
import type { StoredModel } from '../core/models/stored-model.ts';
import { usdToNumber } from '../core/money.ts';
import { once } from '../core/once.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { modelCard, modelGoneSpeech, modelQuestion, usdPerMillion } from './blocks/model.ts';
import type { Call } from './call.ts';
import type { KindValues } from './commands/kinds.ts';
import { refusalSpeech } from './replies.ts';

export interface ModelWords {
  readonly model?: string;
  readonly provider?: string;
  readonly upstream?: string;
  readonly title?: string;
  readonly groups?: readonly string[];
  /** For a million usage tokens. */
  readonly input?: KindValues['usd'];
  readonly output?: KindValues['usd'];
  readonly 'max-output'?: KindValues['count'];
  readonly credential?: string;
  readonly base?: string;
  readonly description?: string;
  readonly status?: string;
}

export async function showModel(call: Call, alias: string): Promise<void> {
  const model = await listedModel(call.bot.stores, alias);
  await call.reply(isRefusal(model) ? refusalSpeech(model) : modelCard(model));
}

/** What holds of a model that was made here, in the words in which it is changed. */
export async function modelStanding(
  stores: Stores,
  { model: alias = '' }: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const model = await listedModel(stores, alias);
  const stored = isRefusal(model) ? undefined : model.stored;
  if (isRefusal(model) || stored === undefined) {
    return {};
  }
  const { price, maxOutputTokens, credentialName, apiBase, description } = stored;
  const priced = price && {
    input: usdPerMillion(price.inputPicoUsdPerToken),
    output: usdPerMillion(price.outputPicoUsdPerToken),
  };
  return {
    provider: stored.provider,
    upstream: stored.upstreamModel,
    title: stored.displayName,
    groups: model.groups.length === 0 ? 'none' : model.groups.join(', '),
    ...priced,
    ...(maxOutputTokens === null ? {} : { 'max-output': maxOutputTokens.toLocaleString('en') }),
    ...(credentialName === null ? {} : { credential: credentialName }),
    ...(apiBase === null ? {} : { base: apiBase }),
    ...(description === null ? {} : { description }),
    status: stored.status,
  };
}

export async function makeModel(call: Call, words: ModelWords): Promise<void> {
  const { model: alias = '', provider = '', upstream = '' } = words;
  await change(call, alias, words, async (stores, wish) =>
    addModel(stores, call.actor, {
      ...wish,
      alias,
      provider,
      upstreamModel: upstream,
      displayName: wish.displayName ?? alias,
    }),
  );
}

export async function changeModelFrom(call: Call, words: ModelWords): Promise<void> {
  const { model: alias = '' } = words;
  if (Object.keys(words).length < 2) {
    const complaint = 'nothing to change was named, like status= or upstream=';
    await call.reply(refusalSpeech(refuse('value_invalid', { field: 'status', complaint })));
    return;
  }
  await change(call, alias, words, async (stores, wish) =>
    changeModel(stores, call.actor, alias, wish),
  );
}

/** Asks first. */
export async function deleteModel(
  call: Call,
  { model: alias, sure }: { readonly model: string; readonly sure: boolean },
): Promise<void> {
  const model = await listedModel(call.bot.stores, alias);
  if (isRefusal(model)) {
    await call.reply(refusalSpeech(model));
    return;
  }
  if (!sure && model.stored !== undefined) {
    await call.reply(modelQuestion(model, call.onceId));
    return;
  }
  const removed = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    removeModel(stores, call.actor, alias),
  );
  if (!isRepeated(removed)) {
    await call.reply(
      isRefusal(removed) ? refusalSpeech(removed) : modelGoneSpeech({ ...model, stored: removed }),
    );
  }
}

/** Changes a model once, and shows what it is now beside what it was. */
async function change(
  call: Call,
  alias: string,
  words: ModelWords,
  work: (stores: Stores, wish: ModelChange) => Promise<StoredModel | Refusal>,
): Promise<void> {
  const wish = changeFrom(words);
  if (isRefusal(wish)) {
    await call.reply(refusalSpeech(wish));
    return;
  }
  let before: ListedModel | undefined;
  const done = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) => {
    const known = await listedModels(stores.records);
    before = known.find((model) => model.alias === alias);
    return work(stores, wish);
  });
  if (isRepeated(done)) {
    return;
  }
  const after = isRefusal(done) ? done : await listedModel(call.bot.stores, alias);
  await call.reply(isRefusal(after) ? refusalSpeech(after) : modelCard(after, { before }));
}

function changeFrom(words: ModelWords): ModelChange | Refusal {
  const { input, output, 'max-output': most } = words;
  const kept = (['input', 'output', 'max-output'] as const).find((name) => words[name] === 'off');
  if (kept !== undefined) {
    const complaint = 'it can be changed, and not be taken away; delete the model and make it anew';
    return refuse('value_invalid', { field: kept, complaint });
  }
  return {
    displayName: words.title,
    provider: words.provider,
    upstreamModel: words.upstream,
    groups: words.groups,
    inputUsd: typeof input === 'bigint' ? usdToNumber(input) : undefined,
    outputUsd: typeof output === 'bigint' ? usdToNumber(output) : undefined,
    maxOutputTokens: typeof most === 'number' ? most : undefined,
    credentialName: words.credential,
    apiBase: words.base,
    description: words.description,
    status: words.status,
  };
}

async function listedModel({ records }: Stores, alias: string): Promise<ListedModel | Refusal> {
  const found = (await listedModels(records)).find((model) => model.alias === alias);
  return found ?? refuse('model_alias_unknown', { model: alias });
}
