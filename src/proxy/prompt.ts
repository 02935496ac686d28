// An upper bound of what a prompt can count as, without a tokenizer: no tokenizer makes more tokens than
// there are bytes, and the JSON around each message outweighs what providers add to it.

import type { CallShape } from '../core/pricing/bound.ts';

/** What providers add around a whole conversation. */
const OVERHEAD_TOKENS = 64;
/**
 * The dearest picture there is: gpt-4o-mini counts 2,833 and 5,667 for each of up to eight tiles.
 * https://platform.openai.com/docs/guides/images-vision#calculating-costs
 */
export const PICTURE_TOKENS_MAX = 50_000;

type Json = Readonly<Record<string, unknown>>;

interface Parts {
  pictures: number;
  /** Characters of pictures and sound that stand in the body itself: they count otherwise. */
  embedded: number;
  sound: boolean;
  unbounded: string | null;
}

/** What the prompt can count as at most, and what about it can't be bounded. */
export function promptOf(
  body: Json,
  bodyBytes: number,
): { shape: CallShape; unbounded: string | null } {
  const parts: Parts = { pictures: 0, embedded: 0, sound: false, unbounded: unboundedOf(body) };
  if (Array.isArray(body['messages'])) {
    for (const message of body['messages']) {
      readContent((message as Json | null)?.['content'], parts);
    }
  }
  const modalities = body['modalities'];
  const outputAudio = Array.isArray(modalities) && modalities.includes('audio');
  const text = Math.max(0, bodyBytes - parts.embedded) + OVERHEAD_TOKENS;
  return {
    shape: {
      promptTokensUpperBound: text + parts.pictures * PICTURE_TOKENS_MAX,
      inputAudio: parts.sound,
      outputAudio,
      inputImages: parts.pictures > 0,
    },
    unbounded: parts.unbounded,
  };
}

function readContent(content: unknown, parts: Parts): void {
  if (!Array.isArray(content)) {
    return;
  }
  for (const part of content as (Json | null)[]) {
    switch (part?.['type']) {
      case 'text':
      case 'refusal':
        break;
      case 'image_url':
        parts.pictures += 1;
        parts.embedded += dataLength((part['image_url'] as Json | null)?.['url']);
        break;
      case 'input_audio':
        parts.sound = true;
        break;
      default:
        parts.unbounded = `a part of type ${JSON.stringify(part?.['type'])} can be of any size`;
    }
  }
}

function dataLength(url: unknown): number {
  return typeof url === 'string' && url.startsWith('data:') ? url.length : 0;
}

function unboundedOf(body: Json): string | null {
  if (body['service_tier'] === 'priority') {
    return 'the priority tier has no known price';
  }
  if (typeof body['best_of'] === 'number' && body['best_of'] > 1) {
    return 'best_of makes answers that nobody sees';
  }
  if (isGiven(body['web_search_options']) || isGiven(body['search_parameters'])) {
    return 'it may search the web any number of times';
  }
  if (isGiven(body['prediction'])) {
    return 'what is predicted wrongly is billed on top of the answer';
  }
  const tools = Array.isArray(body['tools']) ? (body['tools'] as (Json | null)[]) : [];
  const foreign = tools.find((tool) => tool?.['type'] !== 'function');
  return foreign === undefined
    ? null
    : `a tool of type ${JSON.stringify(foreign?.['type'])} has costs of its own`;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
