import { createHash } from 'node:crypto';
import { countTextTokens, fields } from './tokens.ts';

const DEFAULT_DIMENSIONS = 256;
const MOST_DIMENSIONS = 4096;

/** The body of a reply to an embeddings request, or what is wrong with it in OpenAI's words. */
export function embeddingsBody(
  body: unknown,
): { text: string; promptTokens: number } | { wrong: string } {
  const given = fields(body);
  const { model, input } = given;
  if (typeof model !== 'string' || input === undefined || input === null) {
    return { wrong: 'you must provide model and input parameters' };
  }
  const dimensions = Number(given['dimensions'] ?? DEFAULT_DIMENSIONS);
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    return { wrong: `Invalid 'dimensions': expected an integer from 1 to ${MOST_DIMENSIONS}.` };
  }
  const inputs = inputsOf(input);
  const promptTokens = inputs.reduce((sum, one) => sum + countInput(one), 0);
  const asBase64 = given['encoding_format'] === 'base64';
  const text = JSON.stringify({
    object: 'list',
    data: inputs.map((one, index) => {
      const vector = embed(JSON.stringify(one), dimensions);
      const embedding = asBase64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
      return { object: 'embedding', index, embedding };
    }),
    model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  });
  return { text, promptTokens };
}

/** One text, one list of token numbers, or a list of either. */
function inputsOf(input: unknown): (string | number[])[] {
  if (!Array.isArray(input)) {
    return [String(input)];
  }
  return typeof input[0] === 'number' ? [input as number[]] : (input as (string | number[])[]);
}

function countInput(input: string | number[]): number {
  return typeof input === 'string' ? countTextTokens(input) : input.length;
}

/** A direction of length one, drawn from the text. */
function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let block = 0; block * 32 < dimensions; block += 1) {
    const bytes = createHash('sha256').update(`${block}:${text}`).digest();
    vector.set(
      [...bytes.subarray(0, dimensions - block * 32)].map((byte) => byte - 127.5),
      block * 32,
    );
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
