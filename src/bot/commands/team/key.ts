import { keyHelp } from '../../blocks/key-help.ts';
import { KEY_ACTION_NAMES, runKeyAction } from '../../keys.ts';
import { nearest } from '../../nearest.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const key = subcommand({
  name: 'key',
  says: 'Lists and shows the keys of a team; managers make, change, rotate, block and revoke them.',
  role: 'viewer',
  arguments: [
    {
      name: 'action',
      kind: 'word',
      positional: true,
      required: true,
      example: 'new',
      says: 'list, show, new, edit, rotate, expire, block, unblock or revoke',
    },
    TEAM,
    {
      name: 'key',
      kind: 'text',
      positional: true,
      example: '9bdd',
      says: 'the last four characters of the key that is meant',
    },
    { name: 'name', kind: 'text', example: 'name="CI server"', says: 'what a key is for' },
    {
      name: 'owner',
      kind: 'text',
      example: 'owner=ann@acme.com',
      says: 'whose key a new one is; their limits hold for it, too',
    },
    {
      name: 'new-owner',
      kind: 'text',
      example: 'new-owner=bob@acme.com',
      says: 'the same, for somebody who is to be added to the customer and the team',
    },
    {
      name: 'expires',
      kind: 'text',
      example: 'expires=30d',
      says: 'when it ends: 30d, 2h, friday, 2026-12-01 (the day is included), or never',
    },
    {
      name: 'models',
      kind: 'names',
      example: 'models=gpt-4o,claude-*,fast-models',
      says: "which of the team's models it may use: names, beginnings with *, access groups; or all",
    },
    {
      name: 'alias',
      kind: 'names',
      example: 'alias=fast=gpt-4o-mini',
      says: 'its own names for models; or none',
    },
    {
      name: 'endpoints',
      kind: 'names',
      example: 'endpoints=chat,embedding',
      says: 'what it may call: chat, completion, embedding, messages; or all',
    },
    {
      name: 'from',
      kind: 'names',
      example: 'from=10.0.0.0/8',
      says: 'the addresses or ranges it may be used from; or anywhere',
    },
    { name: 'tags', kind: 'names', example: 'tags=ci,nightly', says: 'words of your own; or none' },
    {
      name: 'grace',
      kind: 'text',
      example: 'grace=2h',
      says: 'how long the secret before a rotation works on: 24 hours if absent, 0 to 30d',
    },
  ],
  examples: [
    'key new acme-prod name="CI server" owner=ann@acme.com expires=30d',
    'key list acme-prod',
    'key edit acme-prod 9bdd models=gpt-4o-mini from=10.0.0.0/8',
    'key rotate acme-prod 9bdd grace=2h',
  ],
  async run(call, { values: { action = '', team = '', ...words } }) {
    await (KEY_ACTION_NAMES.includes(action)
      ? runKeyAction(call, action, team, words)
      : call.reply(keyHelp(action, nearest(action, KEY_ACTION_NAMES, 1)[0])));
  },
});
