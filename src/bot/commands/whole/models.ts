import {
  CATALOG_ROWS_SHOWN,
  catalogRows,
  catalogSpeech,
  placeInCatalog,
} from '../../blocks/catalog.ts';
import { catalogInSight } from '../../catalog-in-sight.ts';
import { pageOf, tellPage } from '../../paging.ts';
import { sightOf } from '../../sight.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';
import { GROUP_SUBCOMMANDS } from '../models/group.ts';
import { MODEL_SUBCOMMANDS } from '../models/model.ts';

export const models: Command = {
  name: '/models',
  says: 'See and change which models are served, and which access groups hold them',
  hint: 'claude | show gpt-4o | new | edit | group | help',
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
        const catalog = await catalogInSight(call.bot.stores, await sightOf(call));
        const rows = catalogRows(catalog, search);
        const page = pageOf(call, rows, { size: CATALOG_ROWS_SHOWN, placeOf: placeInCatalog });
        await tellPage(call, catalogSpeech(page, { rows: rows.length, search }));
      },
    }),
    ...MODEL_SUBCOMMANDS,
    ...GROUP_SUBCOMMANDS,
  ],
};
