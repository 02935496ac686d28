import { verifyAccounts } from '../../src/storage/verify-ledger.ts';
import type { WorkerParts } from '../parts.ts';

/** Logs each account of which something does not hold. */
export async function verifyLedger({ services }: WorkerParts): Promise<void> {
  const { postgres, log } = services;
  const { verified, broken } = await verifyAccounts(postgres);
  for (const { account, complaint } of broken) {
    log.error({ part: 'verify-ledger', account, complaint }, 'the ledger is broken');
  }
  log.info({ part: 'verify-ledger', verified, broken: broken.length }, 'the ledger was verified');
}
