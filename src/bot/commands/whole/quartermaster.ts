import { helpSpeech, statusSpeech } from '../../blocks/quartermaster.ts';
import { readStanding } from '../../standing.ts';
import { whoami } from '../../whoami.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';
import { SETTINGS_SUBCOMMANDS } from './settings.ts';

export const quartermaster: Command = {
  name: '/quartermaster',
  says: 'Help, how things stand, who you are here, who may what',
  help: helpSpeech(),
  subcommands: [
    subcommand({
      name: 'status',
      says: 'Says whether database, gate and Slack answer, and how the tasks of the worker are doing.',
      role: 'viewer',
      arguments: [],
      examples: ['status'],
      run: async (call) => call.reply(statusSpeech(await readStanding(call.bot))),
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
  ],
};
