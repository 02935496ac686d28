import type { RatesLeft } from '../core/limits/rate.ts';

/** What is left of the tightest limits, in the headers that OpenAI sends; none where there are no limits. */
export function rateHeaders({ requests, usageTokens }: RatesLeft): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [unit, left] of [
    ['requests', requests],
    ['tokens', usageTokens],
  ] as const) {
    if (left !== undefined) {
      headers[`x-ratelimit-limit-${unit}`] = String(left.limit);
      headers[`x-ratelimit-remaining-${unit}`] = String(left.remaining);
      headers[`x-ratelimit-reset-${unit}`] = resetText(left.resetSeconds);
    }
  }
  return headers;
}

/** As OpenAI writes it: `6s`, `1m0s`. */
function resetText(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
