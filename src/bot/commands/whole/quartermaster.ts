import { helpSpeech, statusSpeech, whoamiSpeech } from '../../blocks/quartermaster.ts';
import { readStanding } from '../../standing.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';

export const quartermaster: Command = {
  name: '/quartermaster',
  says: 'Help, how things stand, who you are here',
  help: helpSpeech(),
  subcommands: [
    subcommand({
      name: 'status',
      says: 'Says whether database, gate and Slack can be reached, and how fast they answer.',
      role: 'viewer',
      arguments: [],
      examples: ['status'],
      run: async (call) => call.reply(statusSpeech(await readStanding(call.bot))),
    }),
    subcommand({
      name: 'whoami',
      says: 'Says which role you have.',
      role: 'anyone',
      arguments: [],
      examples: ['whoami'],
      async run(call) {
        const { roles } = call.bot;
        const asked = (['manager', 'approver', 'viewer'] as const).map(async (role) => ({
          role,
          may: (await roles.complaint(call.userId, role)) === undefined,
        }));
        const held = (await Promise.all(asked)).find(({ may }) => may)?.role;
        await call.reply(whoamiSpeech(call.userId, held));
      },
    }),
  ],
};
