/**
 * What a provider's model is and can do. Prices and context come with the price package; of OpenAI's models the
 * tokenizer's package has the rest, out of OpenAI's own pages. What neither says is not told.
 */
import * as openaiModels from 'gpt-tokenizer/models';
import type {
  Abilities,
  ModelMode,
  UpstreamFacts,
  UpstreamModel,
} from '../core/models/model-facts.ts';
import type { ModelPrice } from '../core/pricing/price.ts';
import { catalogEntryOf } from './price-of.ts';

interface Spec {
  readonly modalities?: { readonly input: readonly string[]; readonly output: readonly string[] };
  readonly context_window?: number;
  readonly max_input_tokens?: number;
  readonly max_output_tokens?: number;
  readonly supported_endpoints?: readonly string[];
  readonly supported_features?: readonly string[];
  readonly supported_tools?: readonly string[];
  readonly reasoning_tokens?: boolean;
}

const SPECS = new Map(Object.entries(openaiModels as unknown as Readonly<Record<string, Spec>>));

/** Whose names of models are OpenAI's. */
const OPENAI: readonly string[] = ['openai', 'azure', 'azure_ai'];

export function upstreamFactsOf({ provider, model }: UpstreamModel): UpstreamFacts {
  const name = model.replace(/^(openai|azure)\//, '');
  const spec = OPENAI.includes(provider) ? SPECS.get(name) : undefined;
  const entry = catalogEntryOf({ provider, model });
  const mode = modeOf(name, spec, entry?.price);
  return {
    price: entry?.price,
    maxInputTokens: spec?.max_input_tokens ?? entry?.contextWindowTokens ?? spec?.context_window,
    maxOutputTokens: spec?.max_output_tokens,
    mode,
    abilities: { ...byPrice(entry?.price), ...(spec === undefined ? {} : bySpec(spec)) },
  };
}

/** The first of these that an OpenAI model has says what it is for. */
const MODES: readonly (readonly [endpoint: string, mode: ModelMode])[] = [
  ['chat_completions', 'chat'],
  ['embeddings', 'embedding'],
  ['completions', 'completion'],
  ['responses', 'responses'],
  ['image_generation', 'image_generation'],
  ['transcription', 'audio_transcription'],
  ['speech_generation', 'audio_speech'],
  ['moderation', 'moderation'],
  ['realtime', 'realtime'],
];

function modeOf(name: string, spec: Spec | undefined, price: ModelPrice | undefined): ModelMode {
  const said = MODES.find(([endpoint]) => spec?.supported_endpoints?.includes(endpoint));
  if (said !== undefined) {
    return said[1];
  }
  if (/rerank/i.test(name)) {
    return 'rerank';
  }
  // Output that is never billed, of a model that is not free, is none.
  const isWordless =
    price !== undefined && price.outputPicoUsdPerToken === 0n && price.inputPicoUsdPerToken > 0n;
  return /embed/i.test(name) || isWordless ? 'embedding' : 'chat';
}

/** What has a price is something that it does. */
function byPrice(price: ModelPrice | undefined): Abilities {
  return {
    ...(price?.cachedInputPicoUsdPerToken === undefined ? {} : { prompt_caching: true }),
    ...(price?.inputAudioPicoUsdPerToken === undefined ? {} : { audio_input: true }),
    ...(price?.outputAudioPicoUsdPerToken === undefined ? {} : { audio_output: true }),
  };
}

const FEATURES: Readonly<Record<string, readonly string[]>> = {
  function_calling: ['function_calling', 'tool_choice'],
  structured_outputs: ['response_schema'],
  prompt_caching: ['prompt_caching'],
  system_messages: ['system_messages'],
  streaming: ['native_streaming'],
};

function bySpec(spec: Spec): Abilities {
  const has = [...(spec.supported_features ?? []), ...(spec.supported_tools ?? [])];
  const named = has.flatMap((feature) => FEATURES[feature] ?? []).map((name) => [name, true]);
  const { modalities, reasoning_tokens: reasoning } = spec;
  const senses = modalities && {
    vision: modalities.input.includes('image'),
    audio_input: modalities.input.includes('audio'),
    audio_output: modalities.output.includes('audio'),
  };
  return {
    ...(Object.fromEntries(named) as Abilities),
    ...senses,
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}
