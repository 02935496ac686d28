import { placeInOrganization } from '../../ceiling-places.ts';
import { limitChanges, isChange } from '../../ceiling-wishes.ts';
import { showOrChange } from '../../ceilings.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { LIMIT_ARGUMENTS, OF_END_USER, OF_USER } from '../ceiling-arguments.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const limits = subcommand({
  name: 'limits',
  says: 'Shows how much all teams of an organization may call together; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [ORGANIZATION, ...LIMIT_ARGUMENTS, OF_USER, OF_END_USER],
  examples: ['limits acme requests=1k parallel=50', 'limits acme requests=60 user=ann@acme.com'],
  async run(call, { values }) {
    const { org = '', user, enduser: endUser, ...words } = values;
    if ((await organizationOf(call, org, (id) => `/org limits ${id}`)) === undefined) {
      return;
    }
    const place = await placeInOrganization(call, org, { user, endUser });
    if (place === undefined) {
      return;
    }
    await showOrChange(call, place, {
      topic: 'limits',
      isChange: isChange(words),
      until: words.until,
      changes: (present) => limitChanges(words, present),
    });
  },
});
