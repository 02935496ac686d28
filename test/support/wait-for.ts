import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 10;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Waits until `condition` gives something truthy and returns it. A condition that throws is not met yet.
 * @throws Error that says what was waited for, and why the last try failed.
 */
export async function waitFor<Found>(
  condition: () => Found | Promise<Found>,
  options: { readonly what: string; readonly timeoutMs?: number },
): Promise<Exclude<Found, false | null | undefined | 0 | ''>> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const until = performance.now() + timeoutMs;
  let lastFault: unknown = null;
  for (;;) {
    try {
      const found = await condition();
      if (found) {
        return found as Exclude<Found, false | null | undefined | 0 | ''>;
      }
      lastFault = null;
    } catch (error) {
      lastFault = error;
    }
    if (performance.now() > until) {
      throw new Error(`Wait for ${options.what}: not within ${timeoutMs} ms`, { cause: lastFault });
    }
    await pause(POLL_MS);
  }
}
