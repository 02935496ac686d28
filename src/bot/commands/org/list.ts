import { organizationList } from '../../blocks/organization.ts';
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
    await call.reply(organizationList(await organizationsInSight(call)));
  },
});
