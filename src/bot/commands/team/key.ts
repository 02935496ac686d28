import { KEY_ACTIONS } from '../../keys.ts';
import { keyHelp } from '../../blocks/key-help.ts';
import { nearest } from '../../nearest.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const key = subcommand({
  name: 'key',
  says: 'Lists, makes, rotates, blocks and revokes the keys of a team.',
  role: 'manager',
  arguments: [
    {
      name: 'action',
      kind: 'word',
      positional: true,
      required: true,
      example: 'new',
      says: 'list, new, rotate, block, unblock or revoke',
    },
    TEAM,
    {
      name: 'key',
      kind: 'text',
      positional: true,
      example: '9bdd',
      says: 'the last four characters of the key that is meant',
    },
    { name: 'name', kind: 'text', example: 'name="CI server"', says: 'what a new key is for' },
  ],
  examples: [
    'key new acme-prod name="CI server"',
    'key list acme-prod',
    'key rotate acme-prod 9bdd',
  ],
  async run(call, { values: { action = '', team = '', key: meant, name } }) {
    const act = KEY_ACTIONS[action];
    await (act === undefined
      ? call.reply(keyHelp(action, nearest(action, Object.keys(KEY_ACTIONS), 1)[0]))
      : act(call, { team, key: meant, name }));
  },
});
