import { catalogSpeech } from '../../blocks/catalog.ts';
import { catalogInSight } from '../../catalog-in-sight.ts';
import { sightOf } from '../../sight.ts';
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
        const { groups, aliases } = await catalogInSight(call.bot.stores, await sightOf(call));
        await call.reply(catalogSpeech(groups, aliases, search));
      },
    }),
  ],
};
