import type { Command } from './definition.ts';
import { create } from './team/create.ts';
import { help } from './team/help.ts';
import { key } from './team/key.ts';
import { list } from './team/list.ts';
import { show } from './team/show.ts';
import { pause, resume, suspend } from './team/statuses.ts';
import { topup } from './team/topup.ts';

/** Every command there is. Parser, help, manifest and tests are made of this table. */
export const COMMANDS: readonly Command[] = [
  {
    name: '/team',
    says: 'Create, show, fund and suspend teams',
    subcommands: [create, show, list, suspend, resume, pause, topup, key, help],
  },
];
