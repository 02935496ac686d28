import { verifyAudit } from '../../src/core/audit/verify.ts';
import type { WorkerParts } from '../parts.ts';

/** Logs where the audit trail ends, or the first row at which it does not hold. */
export async function verifyAuditTrail({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const verified = await verifyAudit(stores.records);
  if ('broken' in verified) {
    const { position, id, complaint } = verified.broken;
    log.error({ position: String(position), id, complaint }, 'the audit trail is broken');
    return;
  }
  const { position, hash } = verified.end;
  log.info({ entries: String(position), hash }, 'the audit trail holds');
}
