import type { AuditLine } from '../audit/audit.ts';
import type { Records } from '../stores.ts';
import type { VirtualKey } from './virtual-key.ts';

/** Writes a change of a key with its line in the audit trail, and has the gate told of it. */
export async function writeKeyChange(
  records: Records,
  key: VirtualKey,
  change: Parameters<Records['keys']['update']>[1],
  line: Omit<AuditLine, 'target'>,
): Promise<void> {
  await records.keys.update(key.id, change);
  await records.audit.write({ ...line, target: `key:${key.id}` });
  await records.outbox.add({ kind: 'key.changed', keyId: key.id });
}
