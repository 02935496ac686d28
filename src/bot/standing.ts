import type { Bot } from './call.ts';

/** How long something took to answer; undefined where it did not. */
export interface Standing {
  readonly recordsMs: number | undefined;
  readonly gateMs: number | undefined;
  readonly slackMs: number | undefined;
  readonly organizations: number | undefined;
}

/** Asks each part that the bot stands on. */
export async function readStanding({ stores, client }: Bot): Promise<Standing> {
  let organizations: number | undefined;
  const [recordsMs, gateMs, slackMs] = await Promise.all([
    timed(async () => {
      organizations = (await stores.records.organizations.list()).length;
    }),
    // A key that does not exist: what counts is that there is an answer.
    timed(async () => stores.gate.identify('nobody', '')),
    timed(async () => client.auth.test()),
  ]);
  return { recordsMs, gateMs, slackMs, organizations };
}

async function timed(work: () => Promise<unknown>): Promise<number | undefined> {
  const startedAtMs = performance.now();
  try {
    await work();
    return Math.round(performance.now() - startedAtMs);
  } catch {
    return undefined;
  }
}
