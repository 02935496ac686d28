import { ENDPOINTS } from '../../../core/keys/key-terms.ts';
import { keyStanding } from '../../key-words.ts';
import { runKeyAction } from '../../keys.ts';
import type { KeyActionName } from '../../keys.ts';
import { subcommand } from '../definition.ts';
import type { Argument, Subcommand } from '../definition.ts';
import { SURE } from '../sure-argument.ts';
import { TEAM } from './team-argument.ts';

const KEY = {
  name: 'key',
  kind: 'key',
  positional: true,
  required: true,
  example: '9bdd',
  says: 'the last four characters of the key, or its name',
} as const;

const NAME = {
  name: 'name',
  kind: 'text',
  example: 'name="CI server"',
  says: 'what the key is for',
} as const;

const EXPIRES = {
  name: 'expires',
  kind: 'end',
  also: ['until'],
  example: 'expires=30d',
  says: 'when it ends: 30d, 2h, friday, 2026-12-01 (the day is included), or never',
} as const;

const TERMS = [
  EXPIRES,
  {
    name: 'models',
    kind: 'models',
    example: 'models=gpt-4o,claude-*,fast-models',
    says: "which of the team's models it may use: names, beginnings with *, access groups; or all",
    instead: { word: 'all', says: 'Each that the team may use' },
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
    says: `what it may call: ${ENDPOINTS.join(', ')}; or all`,
  },
  {
    name: 'from',
    kind: 'names',
    example: 'from=10.0.0.0/8',
    says: 'the addresses or ranges it may be used from; or anywhere',
  },
  { name: 'tags', kind: 'names', example: 'tags=ci,nightly', says: 'words of your own; or none' },
] as const satisfies readonly Argument[];

const OWNER = {
  name: 'owner',
  kind: 'person',
  example: 'owner=ann@acme.com',
  says: 'whose key it is; their limits hold for it, too',
} as const;

const FOR_WHOM = {
  name: 'for',
  kind: 'word',
  choices: ['me', 'client'],
  example: 'for=client',
  says: 'who opens the link; for a client it comes in a message ready to be sent on',
} as const;

/** A verb that needs nothing but the key. */
function plain(action: KeyActionName, says: string, more: readonly Argument[] = []): Subcommand {
  return subcommand({
    name: `key ${action}`,
    says,
    role: 'manager',
    arguments: [TEAM, KEY, ...more],
    examples: [`key ${action} acme-prod 9bdd`],
    run: async (call, { values }) => runKeyAction(call, action, values),
  });
}

/** What `/team key` can do; the first is what it does without a verb. */
export const KEY_SUBCOMMANDS: readonly Subcommand[] = [
  subcommand({
    name: 'key',
    says: 'Lists the keys of a team.',
    role: 'viewer',
    title: 'Keys of a team',
    submit: 'Show',
    arguments: [TEAM],
    examples: ['key acme-prod'],
    run: async (call, { values }) => runKeyAction(call, 'list', values),
  }),
  subcommand({
    name: 'key list',
    says: 'The same.',
    role: 'viewer',
    title: 'Keys of a team',
    submit: 'Show',
    arguments: [TEAM],
    examples: ['key list acme-prod'],
    run: async (call, { values }) => runKeyAction(call, 'list', values),
  }),
  subcommand({
    name: 'key show',
    says: 'Shows what a key may do, and when it was used last.',
    role: 'viewer',
    arguments: [TEAM, KEY],
    examples: ['key show acme-prod 9bdd'],
    run: async (call, { values }) => runKeyAction(call, 'show', values),
  }),
  subcommand({
    name: 'key new',
    says: 'Makes a key. It is revealed once, behind a link.',
    role: 'manager',
    title: 'New key',
    submit: 'Make the key',
    arguments: [
      TEAM,
      { ...NAME, positional: true },
      OWNER,
      {
        name: 'new-owner',
        kind: 'text',
        example: 'new-owner=bob@acme.com',
        says: 'the same, for somebody who is to be added to the customer and the team',
      },
      ...TERMS,
      FOR_WHOM,
    ],
    examples: [
      'key new acme-prod name="CI server" owner=ann@acme.com expires=30d',
      'key new acme-prod name="Web shop" for=client',
    ],
    run: async (call, { values }) => runKeyAction(call, 'new', values),
  }),
  subcommand({
    name: 'key edit',
    says: 'Changes what a key may do, from its next call on.',
    role: 'manager',
    title: 'Change a key',
    submit: 'Save',
    standing: keyStanding,
    arguments: [TEAM, KEY, NAME, OWNER, ...TERMS],
    examples: ['key edit acme-prod 9bdd models=gpt-4o-mini from=10.0.0.0/8'],
    run: async (call, { values }) => runKeyAction(call, 'edit', values),
  }),
  subcommand({
    name: 'key rotate',
    says: 'Gives a key a new secret; the one before it works on for a while.',
    role: 'manager',
    title: 'Rotate a key',
    arguments: [
      TEAM,
      KEY,
      {
        name: 'grace',
        kind: 'end',
        example: 'grace=2h',
        says: 'how long the secret before it works on: 24 hours if absent, 0 to 30d',
      },
      { ...EXPIRES, says: 'a new end for the key; the one it has if absent' },
      FOR_WHOM,
      SURE,
    ],
    examples: ['key rotate acme-prod 9bdd grace=2h', 'key rotate acme-prod 9bdd for=client'],
    run: async (call, { values }) => runKeyAction(call, 'rotate', values),
  }),
  subcommand({
    name: 'key expire',
    says: 'Ends a key, now or when it is said.',
    role: 'manager',
    title: 'End a key',
    arguments: [TEAM, KEY, EXPIRES, SURE],
    examples: ['key expire acme-prod 9bdd', 'key expire acme-prod 9bdd expires=friday'],
    run: async (call, { values }) => runKeyAction(call, 'expire', values),
  }),
  plain('block', 'Blocks a key until it is unblocked.'),
  plain('unblock', 'Lets a blocked key work again.'),
  plain('revoke', 'Revokes a key for ever; asks first.', [SURE]),
];
