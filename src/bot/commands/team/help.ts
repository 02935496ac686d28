import { helpOf, helpOfSubcommand } from '../help.ts';
import { subcommand } from '../definition.ts';

export const help = subcommand({
  name: 'help',
  says: 'Says what there is, or explains one subcommand.',
  role: 'anyone',
  arguments: [
    {
      name: 'subcommand',
      kind: 'word',
      positional: true,
      example: 'topup',
      says: 'the one to explain',
    },
  ],
  examples: ['help', 'help topup'],
  async run(call, { values }, command) {
    const chosen = command.subcommands.find((each) => each.name === values.subcommand);
    await call.reply(chosen === undefined ? helpOf(command) : helpOfSubcommand(command, chosen));
  },
});
