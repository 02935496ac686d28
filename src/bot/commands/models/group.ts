import {
  changeGroupFrom,
  deleteGroup,
  groupStanding,
  makeGroup,
  showGroup,
} from '../../access-groups.ts';
import { subcommand } from '../definition.ts';
import type { Argument } from '../definition.ts';
import { DESCRIPTION, TITLE } from './about-arguments.ts';
import { SURE } from '../sure-argument.ts';

const GROUP = {
  name: 'group',
  kind: 'group',
  positional: true,
  required: true,
  example: 'gpt-models',
  says: 'the name of the access group',
} as const;

const ABOUT = [
  { ...TITLE, example: 'title="GPT models"' },
  { ...DESCRIPTION, example: 'description="For new customers"' },
] as const satisfies readonly Argument[];

/** What `/models group` can do; the first is what it does without a verb. */
export const GROUP_SUBCOMMANDS = [
  subcommand({
    name: 'group',
    says: 'Shows the models of an access group, and the teams that have it.',
    role: 'viewer',
    title: 'An access group',
    submit: 'Show',
    arguments: [GROUP],
    examples: ['group gpt-models'],
    run: async (call, { values: { group = '' } }) => showGroup(call, group),
  }),
  subcommand({
    name: 'group new',
    says: 'Makes an access group, which teams may then be given.',
    role: 'manager',
    title: 'New access group',
    submit: 'Make the group',
    arguments: [
      {
        ...GROUP,
        kind: 'text',
        example: 'mini-models',
        says: 'the name of the new group, which never changes',
      },
      {
        name: 'models',
        kind: 'models',
        example: 'models=gpt-4o-mini,gpt-4.1',
        says: 'the models that it grants',
      },
      ...ABOUT,
    ],
    examples: ['group new mini-models models=gpt-4o-mini title="Small models"'],
    run: async (call, { values }) => makeGroup(call, values),
  }),
  subcommand({
    name: 'group edit',
    says: 'Changes what an access group grants, for every team that has it, from their next call on.',
    role: 'manager',
    title: 'Change a group',
    standing: groupStanding,
    submit: 'Save',
    arguments: [
      GROUP,
      { name: 'add', kind: 'models', example: 'add=gpt-4o-mini', says: 'models to grant, too' },
      { name: 'remove', kind: 'models', example: 'remove=gpt-4o-mini', says: 'models to take out' },
      ...ABOUT,
      { name: 'active', kind: 'yes_no', example: 'active=no', says: 'no grants nothing meanwhile' },
    ],
    examples: ['group edit gpt-models add=gpt-4.1', 'group edit mini-models active=no'],
    run: async (call, { values }) => changeGroupFrom(call, values),
  }),
  subcommand({
    name: 'group delete',
    says: 'Takes away an access group that no team has, after asking.',
    role: 'manager',
    title: 'Delete a group',
    arguments: [GROUP, SURE],
    examples: ['group delete mini-models'],
    run: async (call, { values: { group = '', sure } }) =>
      deleteGroup(call, { group, sure: sure === true }),
  }),
];
