import { catalogSpeech } from '../../blocks/catalog.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';

export const models: Command = {
  name: '/models',
  says: 'See which models are served, and which access groups hold them',
  hint: 'claude | help',
  subcommands: [
    subcommand({
      name: '',
      says: 'Shows access groups with their models, and models in no group.',
      role: 'viewer',
      inSight: true,
      title: 'Models',
      arguments: [
        {
          name: 'search',
          kind: 'text',
          positional: true,
          example: 'gpt',
          says: 'a part of the name of a model or group',
        },
      ],
      examples: ['', 'claude'],
      async run(call, { values: { search } }) {
        const { accessGroups } = call.bot.stores.records;
        const [groups, aliases] = await Promise.all([accessGroups.list(), accessGroups.aliases()]);
        await call.reply(catalogSpeech(groups, aliases, search));
      },
    }),
  ],
};
