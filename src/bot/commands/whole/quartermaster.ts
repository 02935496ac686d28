import { helpSpeech, statusSpeech } from '../../blocks/quartermaster.ts';
import { sightOf } from '../../sight.ts';
import { readStanding, withoutCustomers } from '../../standing.ts';
import { whoami } from '../../whoami.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';
import { PLAN_SUBCOMMANDS } from './plans.ts';
import { SETTINGS_SUBCOMMANDS } from './settings.ts';

export const quartermaster: Command = {
  name: '/quartermaster',
  says: 'Get help, and see how things stand, who you are here and who may do what',
  hint: 'status | whoami | settings | plan | help',
  help: helpSpeech(),
  subcommands: [
    subcommand({
      name: 'status',
      says: 'Says whether database, gate and Slack answer, and how the tasks of the worker are doing.',
      role: 'viewer',
      inSight: true,
      arguments: [
        {
          name: 'all',
          kind: 'yes_no',
          example: '--all',
          says: 'every task with its last success; those that are late or fail are always shown',
        },
      ],
      examples: ['status', 'status --all'],
      async run(call, { values: { all = false } }) {
        const isForAll = (await sightOf(call)) === 'everything';
        const standing = await readStanding(call.bot);
        await call.reply(statusSpeech(isForAll ? standing : withoutCustomers(standing), all));
      },
    }),
    subcommand({
      name: 'whoami',
      says: 'Says which roles you have, where they come from, and what you may do.',
      role: 'anyone',
      arguments: [],
      examples: ['whoami'],
      run: whoami,
    }),
    ...SETTINGS_SUBCOMMANDS,
    ...PLAN_SUBCOMMANDS,
  ],
};
