import { decode, encode } from 'gpt-tokenizer';

/** What the chat format adds to each message and to the reply, as OpenAI documents it. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_OF_REPLY_START = 3;

/** A picture at low detail; the demonstration looks no closer. */
const TOKENS_PER_IMAGE = 85;

/** Cuts a text after at most `limit` tokens. */
export function cutToTokens(text: string, limit: number): { pieces: string[]; wasCut: boolean } {
  const all = encode(text);
  const kept = all.slice(0, Math.max(0, limit));
  return { pieces: kept.map((id) => decode([id])), wasCut: kept.length < all.length };
}

export function countTextTokens(text: string): number {
  return encode(text).length;
}

/** How many tokens the provider counts for a chat request's messages and tools. */
export function countChatTokens(messages: readonly unknown[], tools: unknown): number {
  const ofMessages = messages.reduce<number>((sum, message) => {
    const { role, content } = fields(message);
    return sum + TOKENS_PER_MESSAGE + countContent(role) + countContent(content);
  }, TOKENS_OF_REPLY_START);
  return ofMessages + (tools === undefined ? 0 : countTextTokens(JSON.stringify(tools)));
}

function countContent(content: unknown): number {
  if (typeof content === 'string') {
    return countTextTokens(content);
  }
  if (!Array.isArray(content)) {
    return 0;
  }
  return content.reduce<number>((sum, part) => {
    const { type, text } = fields(part);
    return sum + (type === 'image_url' ? TOKENS_PER_IMAGE : countContent(text));
  }, 0);
}

/** The fields of something that came over the wire; none when it is no object. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
