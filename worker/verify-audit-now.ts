// `npm run audit:verify`: goes over the audit trail, and names the first row at which its chain does not hold.
// What it prints of the end, kept where nobody of the database can change it, proves later that all up to there
// is as it was.

import { loadConfig } from '../src/config.ts';
import { verifyAudit } from '../src/core/audit/verify.ts';
import { openServices } from '../src/services.ts';

await using services = await openServices(loadConfig(undefined, { role: 'worker' }));
const verified = await verifyAudit(services.stores.records);
if ('broken' in verified) {
  const { position, id, complaint } = verified.broken;
  const row = id === undefined ? '' : ` (row ${id})`;
  process.stdout.write(`The audit trail is broken at place ${position}${row}: ${complaint}.\n`);
  process.exitCode = 1;
} else {
  const { position, hash } = verified.end;
  process.stdout.write(
    `The audit trail holds: ${position} entries, the last has hash ${hash || 'none'}.\n`,
  );
}
