// Which system is brought over, and where it is read: its database or its API.

import type { ImportSource } from '../../config/import-source.ts';
import { readLiteLlmApi } from './litellm-http.ts';
import { litellmPlan } from './litellm-plan.ts';
import { readLiteLlmDatabase } from './litellm-rows.ts';
import { readSaasApi } from './saas-http.ts';
import { saasPlan } from './saas-plan.ts';
import { readSaasDatabase } from './saas-rows.ts';
import type { Plan, Served } from './step.ts';

export const SYSTEMS = ['litellm', 'saas-litellm'] as const;
export type System = (typeof SYSTEMS)[number];

/** Reads a system whole, and says what makes the same here; `home` is where those without an
 * organization go. Throws what its database says, or Unreachable. */
export async function planFrom(
  system: System,
  source: ImportSource,
  served: Served,
  home?: string,
): Promise<Plan> {
  const isDatabase = 'databaseUrl' in source;
  if (system === 'litellm') {
    const rows = isDatabase
      ? await readLiteLlmDatabase(source.databaseUrl)
      : await readLiteLlmApi({
          url: source.url,
          headers: { authorization: `Bearer ${source.adminKey}` },
        });
    return litellmPlan(rows, served, home);
  }
  const rows = isDatabase
    ? await readSaasDatabase(source.databaseUrl)
    : await readSaasApi({ url: source.url, headers: { 'x-admin-key': source.adminKey } });
  return saasPlan(rows, served, home);
}
