import { DRIFT_CAUSES } from '../../src/storage/reconcile.ts';
import { reconcileAll } from '../../src/storage/reconcile-all.ts';
import type { WorkerParts } from '../parts.ts';

/** Compares gate and records, and says what differs and why it may. Mends nothing by itself. */
export async function reconcileEverything({ services }: WorkerParts): Promise<void> {
  const { log } = services;
  const { compared, drifts } = await reconcileAll(services, {}, { repair: false });
  for (const { subject, what, gate, records } of drifts) {
    log.error(
      { part: 'reconcile', subject, what, gate: String(gate), records: String(records) },
      `${DRIFT_CAUSES[what]}; "npm run reconcile -- --repair" builds the gate anew from the records`,
    );
  }
  log.info({ part: 'reconcile', compared, drifts: drifts.length }, 'gate and records compared');
}
