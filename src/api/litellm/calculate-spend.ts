// What a call costs at the price that is in force, without making it.

import { z } from 'zod';
import { usdToNumber } from '../../core/money.ts';
import { costNanoUsd } from '../../core/pricing/price.ts';
import type { UsageTokens } from '../../core/pricing/price.ts';
import { messageTokens } from '../../core/usage/message-tokens.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { COST } from './answers/models.ts';
import { wrapped } from './errors.ts';
import { priceFor } from './model-view.ts';

const TOKENS = z.int().min(0);
const PARTS = z.looseObject({ cached_tokens: TOKENS.nullish(), audio_tokens: TOKENS.nullish() });

/** A chat completion as it was answered; all but its model and usage is passed over. */
const RESPONSE = z.looseObject({
  model: z.string(),
  usage: z.looseObject({
    prompt_tokens: TOKENS,
    completion_tokens: TOKENS.nullish(),
    prompt_tokens_details: PARTS.nullish(),
    completion_tokens_details: PARTS.nullish(),
    cache_read_input_tokens: TOKENS.nullish(),
    cache_creation_input_tokens: TOKENS.nullish(),
  }),
});

const BODY = z.strictObject({
  model: z.string().nullish(),
  messages: z.array(z.unknown()).nullish(),
  completion_response: RESPONSE.nullish(),
});

export const calculateSpendEndpoint = endpoint({
  summary: 'What messages cost as a prompt, or an answer with its usage',
  action: 'models.read',
  target: 'nothing',
  better: [
    'The price is that by which calls are charged, without the markup of a team.',
    'An answer without its usage is refused, where LiteLLM says that it cost nothing.',
  ],
  body: BODY,
  query: NO_QUERY,
  answer: COST,
  async handle({ stores, caller, body }) {
    const { model, messages, completion_response: response } = body;
    if (typeof model === 'string' && !messages) {
      return badRequest("messages must be provided if 'model' is provided");
    }
    const name = model ?? response?.model;
    if (name === undefined) {
      return badRequest("Either 'model' or 'completion_response' must be provided");
    }
    const price = await priceFor(stores, caller, name);
    if (price === undefined) {
      return wrapped(400, `This model isn't mapped yet. model=${name}`, { type: 'None' });
    }
    const usage =
      typeof model === 'string'
        ? { input: await messageTokens(messages ?? []), output: 0 }
        : // The name came from it.
          usageOf((response as z.output<typeof RESPONSE>).usage);
    return { cost: usdToNumber(costNanoUsd(price, usage)) };
  },
});

function badRequest(complaint: string) {
  return wrapped(400, `Bad Request - ${complaint}`, { type: 'None' });
}

function usageOf(usage: z.output<typeof RESPONSE>['usage']): UsageTokens {
  const { prompt_tokens_details: read, completion_tokens_details: written } = usage;
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens ?? 0,
    cachedInput: read?.cached_tokens ?? usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    inputAudio: read?.audio_tokens ?? 0,
    outputAudio: written?.audio_tokens ?? 0,
  };
}
