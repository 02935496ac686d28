import { showOrSetAlerts } from '../../alert-settings.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { ALERT_ARGUMENTS } from '../alert-arguments.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const alerts = subcommand({
  name: 'alerts',
  says: 'Shows what is told of an organization and, where they chose nothing, of its teams; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [ORGANIZATION, ...ALERT_ARGUMENTS],
  examples: [
    'alerts acme',
    'alerts acme change',
    'alerts acme budgets=50,80 owner=@maya quiet=22:00-07:00',
  ],
  async run(call, { values: { org = '', what, ...words } }) {
    const found = await organizationOf(call, org, (id) => `/org alerts ${id}`);
    if (found !== undefined) {
      const subject = { kind: 'organization', organizationId: found.id } as const;
      await showOrSetAlerts(call, subject, words, what === 'change');
    }
  },
});
