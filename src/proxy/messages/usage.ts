import { MAX_USAGE_TOKENS_PER_CALL } from '../../core/pricing/charge.ts';
import type { UsageTokens } from '../../core/pricing/price.ts';
import { objectOf, whole } from '../provider-numbers.ts';
import type { Json } from '../provider-numbers.ts';

/**
 * Anthropic's numbers, added up: it tells what was read from the cache and written to it beside the rest
 * of the input. Undefined where they tell nothing of the input.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
 */
export function usageFromNumbers(usage: unknown): UsageTokens | undefined {
  const told = objectOf(usage);
  const fresh = whole(told?.['input_tokens']);
  if (told === undefined || fresh === undefined) {
    return undefined;
  }
  const cachedInput = whole(told['cache_read_input_tokens']) ?? 0;
  const byLife = objectOf(told['cache_creation']);
  const short = whole(byLife?.['ephemeral_5m_input_tokens']) ?? 0;
  const longCacheWrite = whole(byLife?.['ephemeral_1h_input_tokens']) ?? 0;
  const written = Math.max(whole(told['cache_creation_input_tokens']) ?? 0, short + longCacheWrite);
  return {
    input: Math.min(fresh + cachedInput + written, MAX_USAGE_TOKENS_PER_CALL),
    output: whole(told['output_tokens']) ?? 0,
    cachedInput,
    cacheWrite: written - longCacheWrite,
    longCacheWrite,
    webSearches: whole(objectOf(told['server_tool_use'])?.['web_search_requests']) ?? 0,
  };
}

/** What a stream has told by now: later numbers stand for the whole so far, and may leave some out. */
export function laterNumbers(earlier: unknown, later: unknown): Json {
  const told: Record<string, unknown> = { ...objectOf(earlier) };
  for (const [name, value] of Object.entries(objectOf(later) ?? {})) {
    const before = told[name];
    if (typeof value === 'number' && typeof before === 'number') {
      told[name] = Math.max(before, value);
    } else if (value !== null && value !== undefined) {
      told[name] = value;
    }
  }
  return told;
}
