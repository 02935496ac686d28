// What is known of a model beside its name: who provides it, what it costs, how much it takes, what it can do.

import { maxPrice } from '../pricing/bound.ts';
import type { ModelPrice } from '../pricing/price.ts';
import type { ListedModel } from './listed-models.ts';

/** What a model is asked for; the words are LiteLLM's, and of those `chat`, `completion` and `embedding` are served. */
export type ModelMode = string;

/** What a model can do or take, each by a word: `vision`, `function_calling`. What is not known is not there. */
export type Abilities = Readonly<Record<string, boolean>>;

/** A model as its provider has it. */
export interface UpstreamModel {
  readonly provider: string;
  readonly model: string;
}

/** What catalogues say of a provider's model. */
export interface UpstreamFacts {
  readonly price: ModelPrice | undefined;
  readonly maxInputTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly mode: ModelMode;
  readonly abilities: Abilities;
}

/** One upstream of a model of the configuration file. */
export interface FileDeployment extends UpstreamModel {
  readonly apiBase: string;
  readonly price: ModelPrice | undefined;
  /** How the records name its price; undefined where the file gives one. */
  readonly priceName: string | undefined;
}

/** A model of the configuration file, as it says. */
export interface FileModel {
  readonly deployments: readonly FileDeployment[];
  readonly maxInputTokens: number | undefined;
  readonly maxOutputTokens: number;
  /** What else the file tells of it, in LiteLLM's words. */
  readonly told: Readonly<Record<string, unknown>>;
}

/** What is known of models without the records. */
export interface KnownModels {
  /** Undefined for what the configuration file has not. */
  ofFile(alias: string): FileModel | undefined;
  ofUpstream(model: UpstreamModel): UpstreamFacts;
  /** How the records name the price of a provider's model. */
  priceName(model: UpstreamModel): string;
  /** The output cap of a model that names none. */
  readonly maxOutputTokens: number;
}

export interface ModelFacts extends UpstreamFacts {
  /** Each once; empty where nobody knows. */
  readonly providers: readonly string[];
  /** What its first upstream calls it; undefined where nobody knows. */
  readonly upstreamModel: string | undefined;
  readonly apiBase: string | undefined;
  readonly told: Readonly<Record<string, unknown>>;
}

/** Prices that calls are charged by, by their names in the records. */
export type StandingPrices = ReadonlyMap<string, ModelPrice>;

/** All that is known of a model. */
export function factsOf(
  known: KnownModels,
  standing: StandingPrices,
  { alias, stored }: Pick<ListedModel, 'alias' | 'stored'>,
): ModelFacts {
  if (stored === undefined) {
    return factsOfFile(known, standing, known.ofFile(alias));
  }
  const upstream = { provider: stored.provider, model: stored.upstreamModel };
  const facts = known.ofUpstream(upstream);
  const cap = stored.maxOutputTokens ?? known.maxOutputTokens;
  return {
    ...facts,
    providers: [stored.provider],
    upstreamModel: stored.upstreamModel,
    apiBase: stored.apiBase === null ? undefined : withoutLogin(stored.apiBase),
    price: stored.price ?? standing.get(known.priceName(upstream)) ?? facts.price,
    maxOutputTokens: outputTokens(facts, cap),
    told: {},
  };
}

function factsOfFile(
  known: KnownModels,
  standing: StandingPrices,
  model: FileModel | undefined,
): ModelFacts {
  const [first] = model?.deployments ?? [];
  if (model === undefined || first === undefined) {
    return NOTHING_KNOWN;
  }
  const facts = known.ofUpstream(first);
  const prices = model.deployments.map(
    ({ priceName, price }) =>
      (priceName === undefined ? undefined : standing.get(priceName)) ?? price,
  );
  const priced = prices.filter((price) => price !== undefined);
  return {
    ...facts,
    providers: [...new Set(model.deployments.map(({ provider }) => provider))],
    upstreamModel: first.model,
    apiBase: withoutLogin(first.apiBase),
    // Any of them may serve: one without a price leaves all without.
    price: priced.length === prices.length ? maxPrice(priced) : undefined,
    maxInputTokens: model.maxInputTokens ?? facts.maxInputTokens,
    maxOutputTokens: outputTokens(facts, model.maxOutputTokens),
    mode: typeof model.told['mode'] === 'string' ? model.told['mode'] : facts.mode,
    told: model.told,
  };
}

/** Where the file lost a name that the records still have. */
const NOTHING_KNOWN: ModelFacts = {
  providers: [],
  upstreamModel: undefined,
  apiBase: undefined,
  price: undefined,
  maxInputTokens: undefined,
  maxOutputTokens: undefined,
  mode: 'chat',
  abilities: {},
  told: {},
};

/** No answer is longer than the cap that is passed on, or than what the provider writes. */
function outputTokens({ mode, maxOutputTokens }: UpstreamFacts, cap: number): number | undefined {
  return mode === 'embedding' ? undefined : Math.min(cap, maxOutputTokens ?? cap);
}

/** An address may carry a password, which is for nobody to see. */
function withoutLogin(address: string): string {
  return address.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}
