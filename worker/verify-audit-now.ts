// `npm run audit:verify`: goes over the audit trail, and names the first row at which its chain does not hold.
// What it prints of the end, kept where nobody of the database can change it, proves later that all up to there
// is as it was.

import { verifyAudit } from '../src/core/audit/verify.ts';
import { command, say } from './command.ts';

await command('audit:verify', async ({ stores }) => {
  const verified = await verifyAudit(stores.records);
  if ('broken' in verified) {
    const { position, id, complaint } = verified.broken;
    const row = id === undefined ? '' : ` (row ${id})`;
    say(`The audit trail is broken at place ${position}${row}: ${complaint}.`);
    process.exitCode = 1;
    return;
  }
  const { position, hash } = verified.end;
  say(`The audit trail holds: ${position} entries, the last has hash ${hash || 'none'}.`);
});
