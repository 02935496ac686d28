import { countUsageTokens, textsIn } from './count-usage-tokens.ts';

/**
 * What stands around each message, with its role, and before the answer.
 * https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
 */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_ANSWER = 3;
/** What LiteLLM takes a picture for whose size it does not know. */
const TOKENS_PER_PICTURE = 250;

/** What messages of a chat count as, about: a prompt is counted by its provider alone. */
export async function messageTokens(messages: readonly unknown[]): Promise<number> {
  const texts = await countUsageTokens(textsIn(messages).join('\n'));
  const pictures = messages.reduce<number>((sum, message) => sum + picturesIn(message), 0);
  return (
    texts +
    messages.length * TOKENS_PER_MESSAGE +
    pictures * TOKENS_PER_PICTURE +
    TOKENS_BEFORE_ANSWER
  );
}

function picturesIn(message: unknown): number {
  const content = (message as { readonly content?: unknown } | null)?.content;
  return Array.isArray(content)
    ? content.filter((part: { type?: unknown } | null) => part?.type === 'image_url').length
    : 0;
}
