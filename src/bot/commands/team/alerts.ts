import { showOrSetAlerts } from '../../alert-settings.ts';
import { teamMeant } from '../../unknown-team.ts';
import { ALERT_ARGUMENTS } from '../alert-arguments.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const alerts = subcommand({
  name: 'alerts',
  says: 'Shows what is told of a team, where and to whom; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [TEAM, ...ALERT_ARGUMENTS],
  examples: [
    'alerts acme-prod',
    'alerts acme-prod change',
    'alerts acme-prod thresholds=50,20,5 owner=@maya quiet=22:00-07:00',
  ],
  async run(call, { values: { team, what, ...words } }) {
    const found = await teamMeant(call, team);
    if (found !== undefined) {
      await showOrSetAlerts(call, { kind: 'team', teamId: found.id }, words, what === 'change');
    }
  },
});
