import { peopleSpeech } from '../../blocks/members.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const members = subcommand({
  name: 'members',
  says: "Shows a customer's people; they come and go with /team members and /team key new.",
  role: 'viewer',
  submit: 'Show',
  arguments: [ORGANIZATION],
  examples: ['members acme'],
  async run(call, { values: { org = '' } }) {
    if ((await organizationOf(call, org, (id) => `/org members ${id}`)) !== undefined) {
      const { users: people } = call.bot.stores.records;
      await call.reply(peopleSpeech(org, await people.list(org)));
    }
  },
});
