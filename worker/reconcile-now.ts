// `npm run reconcile`: compares gate and records now, and prints what differs. `-- --team <id>` or
// `-- --organization <id>` for a part, `-- --repair` to have the gate built anew where it differs.

import { DRIFT_CAUSES } from '../src/storage/reconcile.ts';
import { reconcileAll } from '../src/storage/reconcile-all.ts';
import { argumentsFor, command, say } from './command.ts';

const { values } = argumentsFor('reconcile', {
  options: {
    team: { type: 'string' },
    organization: { type: 'string' },
    repair: { type: 'boolean', default: false },
  },
});
const scope = {
  ...(values.team === undefined ? {} : { teamId: values.team }),
  ...(values.organization === undefined ? {} : { organizationId: values.organization }),
};
await command('reconcile', async (services) => {
  let looked = 0;
  const { compared, drifts } = await reconcileAll(services, scope, {
    repair: values.repair,
    onPage: (soFar) => {
      looked = soFar;
      process.stderr.write(`${looked} looked at\n`);
    },
  });
  for (const { subject, what, gate, records } of drifts) {
    say(
      `${subject}  ${what}: the gate says ${gate}, the records ${records} (${DRIFT_CAUSES[what]})`,
    );
  }
  const mended = values.repair ? ', and the gate was built anew there' : '';
  say(`${compared} compared, ${drifts.length} differ${drifts.length > 0 ? mended : ''}`);
  if (looked > compared) {
    say(`${looked - compared} are not in the gate: their next call loads them from the records`);
  }
  process.exitCode = drifts.length > 0 && !values.repair ? 1 : 0;
});
