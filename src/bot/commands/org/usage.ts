import { organizationOf } from '../../unknown-organization.ts';
import { tellUsage } from '../../usage.ts';
import { subcommand } from '../definition.ts';
import { USAGE_ARGUMENTS } from '../usage-arguments.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const usage = subcommand({
  name: 'usage',
  says: 'Shows what the teams of an organization used and what it cost, or sends it as a file.',
  role: 'viewer',
  submit: 'Show',
  arguments: [ORGANIZATION, ...USAGE_ARGUMENTS],
  examples: ['usage acme', 'usage acme range=365d by=model', 'usage acme as=picture'],
  async run(call, { values: { org = '', ...wish } }) {
    const organization = await organizationOf(call, org, (id) => `/org usage ${id}`);
    if (organization !== undefined) {
      await tellUsage(call, { kind: 'organization', organizationId: organization.id }, wish);
    }
  },
});
