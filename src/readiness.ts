// Whether a replica is of use, for those who send it calls.

import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from './services.ts';

/** Well within the time in which the whole is to be answered. */
const RECORDS_DEADLINE_MS = 1_500;

interface Parts {
  readonly gate: Pick<Services['gate'], 'answers'>;
  readonly postgres: Pick<Services['postgres'], '$queryRaw'>;
}

/** Calls are served without the records; only the gate decides whether this replica is of use. */
export async function readiness({ gate, postgres }: Parts) {
  const answered = new AbortController();
  const asked = postgres.$queryRaw`SELECT 1`.then(
    () => 'up',
    () => 'down',
  );
  // One that is frozen says neither: it is not waited for.
  const late = pause(RECORDS_DEADLINE_MS, 'down', { signal: answered.signal });
  const [isGateUp, records] = await Promise.all([gate.answers(), Promise.race([asked, late])]);
  answered.abort();
  return { ok: isGateUp, parts: { gate: isGateUp ? 'up' : 'down', records } };
}
