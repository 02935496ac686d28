import { forgetHomes, redrawHomes } from '../src/bot/redraw-homes.ts';
import { HOUR_MS } from '../src/core/time.ts';
import type { WorkerParts } from './parts.ts';

/** Keeps home tabs that people look at up to date; true if there is more to do. Nothing without Slack. */
export function followHomes({ services, slack, roles }: WorkerParts): () => Promise<boolean> {
  const { log, stores } = services;
  if (slack === undefined || roles === undefined) {
    return async () => false;
  }
  const parts = { client: slack, stores, roles, log };
  let forgottenMs = -Infinity;
  return async () => {
    if (Math.abs(stores.clock() - forgottenMs) >= HOUR_MS) {
      forgottenMs = stores.clock();
      await forgetHomes(parts);
    }
    return redrawHomes(parts);
  };
}
