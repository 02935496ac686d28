import { organizationList } from '../../blocks/organization.ts';
import { subcommand } from '../definition.ts';

export const list = subcommand({
  name: 'list',
  says: 'Lists organizations with their status.',
  role: 'viewer',
  arguments: [],
  examples: ['list'],
  async run(call) {
    await call.reply(organizationList(await call.bot.stores.records.organizations.list()));
  },
});
