import { shortened } from '../escape.ts';

const DOLLARS = /^(?:us)?\$\s*\d[\d.,]*\s*[km]?$|^\d[\d.,]*\s*[km]?\s*(?:\$|usd|dollars?)$/i;

/** As much of it as a sentence repeats. */
export const ECHO = 40;

/** `$20`, `$1.5k`, `20 USD`: dollars, where credits are asked for. */
export function isDollars(typed: string): boolean {
  return DOLLARS.test(typed.trim());
}

/** `20 dollars` as `$20`, which is how amounts in dollars are read. */
export function dollarsOf(typed: string): string {
  return `$${typed.trim().replaceAll(/^us|[\s$]|usd|dollars?/gi, '')}`;
}

/** Why credits are to be typed instead, with what stands in the way if that is known. */
export function dollarsComplaint(typed: string, because?: string): string {
  const why = because === undefined ? '' : `, and ${because}`;
  return `“${shortened(typed.trim(), ECHO)}” is an amount in dollars${why}; type how many credits, like 200`;
}
