import { DIALECTS } from '../core/models/dialect.ts';
import type { Dialect } from '../core/models/dialect.ts';
import { maxPrice } from '../core/pricing/bound.ts';
import type { ModelPrice } from '../core/pricing/price.ts';
import { exactPriceOf } from './price-entry.ts';
import { catalogEntryOf } from '../pricing-catalog/price-of.ts';
import type { CatalogName } from '../pricing-catalog/price-of.ts';
import { translate } from './litellm.ts';
import type { ConfigProblem } from './problems.ts';
import { isUnresolved } from './references.ts';
import type { ConfigFile, DeploymentEntry, LitellmEntry, ModelEntry } from './schema.ts';
import { Secret } from './secret.ts';
import type { Validated } from './validate.ts';
import type { YamlSource } from './yaml-source.ts';

/** One upstream that can serve an alias. */
export interface Deployment {
  /** Unique among all deployments; stands in usage events and metrics. */
  readonly id: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: Secret | undefined;
  readonly upstreamModel: string;
  readonly dialect: Dialect;
  /** Who is behind it, in the words of the price catalogue. */
  readonly provider: string;
  readonly price: ModelPrice | undefined;
  /** How the price package knows it; undefined where its price was given by hand. */
  readonly catalogName: CatalogName | undefined;
}

/** A name that clients ask for. */
export interface ModelConfig {
  readonly alias: string;
  /** At least one. */
  readonly deployments: readonly Deployment[];
  readonly byDialect: Readonly<Record<Dialect, readonly Deployment[]>>;
  /** Those in which it has deployments. */
  readonly dialects: readonly Dialect[];
  /** What no deployment exceeds: reserve by it. Undefined only where the file says `unpriced: allow`. */
  readonly price: ModelPrice | undefined;
  readonly maxInputTokens: number | undefined;
  /** Output cap for a client that names none; also the highest that is passed on. */
  readonly maxOutputTokens: number;
  /** What LiteLLM's `model_info` tells of it beside: `mode`, `supports_vision`. */
  readonly told: Readonly<Record<string, unknown>>;
}

interface Draft {
  readonly deployments: Deployment[];
  readonly path: readonly PropertyKey[];
  /** Everything in the file that it was made from. */
  readonly entries: (readonly PropertyKey[])[];
  readonly unpricedAllowed: boolean;
  maxInputTokens: number | undefined;
  maxOutputTokens: number | undefined;
  told: Readonly<Record<string, unknown>>;
}

/** Whatever is wrong with these, the price is what it is. */
const PRICELESS = [
  'max_input_tokens',
  'max_output_tokens',
  'id',
  'base_url',
  'api_base',
  'api_key',
];

/** All models of the file, ours and LiteLLM's, or what is wrong with them. */
export function modelsOf(
  { file, source, hasMistake }: Pick<Validated, 'file' | 'source' | 'hasMistake'>,
  defaultMaxOutputTokens: number,
): { models: ModelConfig[]; problems: ConfigProblem[]; warnings: string[] } {
  const drafts = new Map<string, Draft>();
  for (const [alias, entry] of Object.entries(file.models ?? {})) {
    drafts.set(alias, ownDraft(alias, entry));
  }
  const foreign = addLitellm(file, source, drafts);
  const problems = [
    ...foreign.problems,
    ...[...drafts]
      // The mistake may be the very reason why there is no price.
      .filter(([, { entries }]) => !entries.some((entry) => hasMistake(entry, PRICELESS)))
      .flatMap(([alias, draft]) => priceProblems(alias, draft, source)),
    ...duplicateIds(drafts, source),
  ];
  const models = [...drafts].map(([alias, draft]) => modelOf(alias, draft, defaultMaxOutputTokens));
  return { models, problems, warnings: foreign.warnings };
}

function modelOf(alias: string, draft: Draft, defaultMaxOutputTokens: number): ModelConfig {
  return {
    alias,
    ...servedBy(draft.deployments),
    maxInputTokens: draft.maxInputTokens,
    maxOutputTokens: draft.maxOutputTokens ?? defaultMaxOutputTokens,
    told: draft.told,
  };
}

/** All of a model that follows from its deployments. */
export function servedBy(
  deployments: readonly Deployment[],
): Pick<ModelConfig, 'deployments' | 'byDialect' | 'dialects' | 'price'> {
  const byDialect = {
    openai: deployments.filter(({ dialect }) => dialect === 'openai'),
    anthropic: deployments.filter(({ dialect }) => dialect === 'anthropic'),
  };
  return {
    deployments,
    byDialect,
    dialects: DIALECTS.filter((dialect) => byDialect[dialect].length > 0),
    price: dearestOf(deployments),
  };
}

/** What none of them exceeds. One without a price leaves all without: any of them may serve. */
function dearestOf(deployments: readonly Deployment[]): ModelPrice | undefined {
  const prices = deployments.map((each) => each.price).filter((price) => price !== undefined);
  const isPriced = prices.length === deployments.length && prices.length > 0;
  return isPriced ? maxPrice(prices) : undefined;
}

function ownDraft(alias: string, entry: ModelEntry): Draft {
  const [first] = entry.deployments;
  const known = catalogEntryOf({
    provider: first?.dialect ?? 'openai',
    model: first?.model ?? alias,
  });
  return {
    path: ['models', alias],
    entries: [['models', alias]],
    unpricedAllowed: entry.unpriced === 'allow',
    maxInputTokens: entry.max_input_tokens ?? known?.contextWindowTokens,
    maxOutputTokens: entry.max_output_tokens,
    told: {},
    deployments: entry.deployments.map((each, index) => ({
      id: each.id ?? `${alias}-${index + 1}`,
      baseUrl: each.base_url.replace(/\/+$/, ''),
      apiKey: each.api_key === undefined ? undefined : new Secret(each.api_key),
      upstreamModel: each.model ?? alias,
      dialect: each.dialect ?? 'openai',
      provider: each.dialect ?? 'openai',
      ...ownPrice(alias, entry, each),
    })),
  };
}

/** The nearest word wins: the deployment's price, the model's, the catalogue's. */
function ownPrice(
  alias: string,
  entry: ModelEntry,
  deployment: DeploymentEntry,
): Pick<Deployment, 'price' | 'catalogName'> {
  const given = deployment.price ?? entry.price;
  if (given !== undefined) {
    return { price: exactPriceOf(given), catalogName: undefined };
  }
  const catalogName = {
    provider: deployment.dialect ?? 'openai',
    model: deployment.model ?? alias,
  };
  return { price: catalogEntryOf(catalogName)?.price, catalogName };
}

function addLitellm(
  file: ConfigFile,
  source: YamlSource,
  drafts: Map<string, Draft>,
): { problems: ConfigProblem[]; warnings: string[] } {
  const problems: ConfigProblem[] = [];
  const unused = new Set<string>();
  for (const [index, entry] of (file.model_list ?? []).entries()) {
    const path = ['model_list', index];
    const alias = entry.model_name;
    const translated = translate(entry);
    for (const key of translated.unusedParams) {
      unused.add(key);
    }
    if (file.models?.[alias] !== undefined) {
      const message = `${alias} stands in "models", too, keep one of them`;
      problems.push(source.problemAt([...path, 'model_name'], message));
    } else if (translated.baseUrl === undefined) {
      const message =
        'the provider of this model is not spoken to directly, give the address of an ' +
        'OpenAI-compatible server as api_base';
      problems.push(source.problemAt([...path, 'litellm_params', 'model'], message));
    } else {
      addDeployment(drafts, entry, { ...translated, baseUrl: translated.baseUrl }, path);
    }
  }
  const warnings =
    unused.size === 0 ? [] : [`${source.file}: litellm_params not used: ${[...unused].join(', ')}`];
  return { problems, warnings };
}

function addDeployment(
  drafts: Map<string, Draft>,
  entry: NonNullable<ConfigFile['model_list']>[number],
  translated: ReturnType<typeof translate> & { baseUrl: string },
  path: readonly PropertyKey[],
): void {
  const alias = entry.model_name;
  const known = catalogEntryOf(translated.pricedAs);
  const draft = drafts.get(alias) ?? {
    deployments: [],
    path: [...path, 'litellm_params', 'model'],
    entries: [],
    unpricedAllowed: false,
    maxInputTokens: undefined,
    maxOutputTokens: undefined,
    told: toldIn(entry.model_info),
  };
  const apiKey = entry.litellm_params.api_key;
  draft.deployments.push({
    id: entry.model_info?.id ?? `${alias}-${draft.deployments.length + 1}`,
    baseUrl: translated.baseUrl.replace(/\/+$/, ''),
    apiKey: apiKey === undefined ? undefined : new Secret(apiKey),
    upstreamModel: translated.upstreamModel,
    dialect: translated.dialect,
    provider: translated.pricedAs.provider,
    price: translated.price ?? known?.price,
    catalogName: translated.price === undefined ? translated.pricedAs : undefined,
  });
  draft.entries.push(path);
  draft.maxInputTokens ??= entry.model_info?.max_input_tokens ?? known?.contextWindowTokens;
  draft.maxOutputTokens ??= entry.model_info?.max_output_tokens;
  drafts.set(alias, draft);
}

/** What clients of LiteLLM ask a model for; what else an operator noted is not for them. */
const TOLD =
  /^(mode|base_model|max_tokens|output_vector_size|supported_openai_params|supports_\w+)$/;

function toldIn(info: LitellmEntry['model_info']): Draft['told'] {
  return Object.fromEntries(Object.entries(info ?? {}).filter(([name]) => TOLD.test(name)));
}

function priceProblems(alias: string, draft: Draft, source: YamlSource): ConfigProblem[] {
  const unpriced = draft.deployments.filter((each) => each.price === undefined);
  // A name that is still a reference has been reported already.
  const reported = draft.deployments.some((each) => isUnresolved(each.upstreamModel));
  if (unpriced.length === 0 || draft.unpricedAllowed || reported) {
    return [];
  }
  const cure =
    draft.path[0] === 'models'
      ? 'add "price: { input: …, output: … }" in USD per million tokens, or "unpriced: allow"'
      : 'add input_cost_per_token and output_cost_per_token';
  return [source.problemAt(draft.path, `no price is known for ${alias}, ${cure}`)];
}

function duplicateIds(drafts: Map<string, Draft>, source: YamlSource): ConfigProblem[] {
  const seen = new Set<string>();
  const problems: ConfigProblem[] = [];
  for (const { deployments, path } of drafts.values()) {
    for (const { id } of deployments) {
      if (seen.has(id)) {
        const message = `two deployments have the id ${id}, give each its own`;
        problems.push(source.problemAt(path, message));
      }
      seen.add(id);
    }
  }
  return problems;
}
