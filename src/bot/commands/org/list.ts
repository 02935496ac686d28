import { ORGANIZATIONS_SHOWN, organizationList } from '../../blocks/organization.ts';
import { pageOf, tellPage } from '../../paging.ts';
import { organizationsInSight } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';

export const list = subcommand({
  name: 'list',
  says: 'Lists organizations with their status.',
  role: 'viewer',
  inSight: true,
  arguments: [],
  examples: ['list'],
  async run(call) {
    const all = await organizationsInSight(call);
    const page = pageOf(call, all, { size: ORGANIZATIONS_SHOWN, placeOf: ({ id }) => id });
    await tellPage(call, organizationList(page));
  },
});
