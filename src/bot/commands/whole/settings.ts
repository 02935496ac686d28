import { POLICY, ROLES } from '../../../core/policy.ts';
import { giveOrTake, tellSettings } from '../../settings.ts';
import { subcommand } from '../definition.ts';
import { SURE } from '../sure-argument.ts';

const WHO = {
  name: 'who',
  kind: 'holder',
  positional: true,
  label: 'A person',
  example: '@omar',
  says: 'of this workspace; typed, a user group may stand here as well: @finance',
} as const;

const ROLE = {
  name: 'role',
  kind: 'word',
  positional: true,
  required: true,
  choices: ROLES,
  example: 'manager',
  says: 'which role; each may what those before it may',
} as const;

const ORG = {
  name: 'org',
  kind: 'org',
  label: 'Organization',
  example: 'org=acme',
  says: 'where it counts; everywhere if absent',
} as const;

const GROUP = {
  name: 'group',
  kind: 'user_group',
  label: 'Or a user group',
  example: 'group=@finance',
  says: 'in place of a person: everybody who is in it, from the moment they are',
} as const;

/** What owners see and set for all. */
export const SETTINGS_SUBCOMMANDS = [
  subcommand({
    name: 'settings',
    says: 'Shows who holds which role, the approval policy, and what else is set for all.',
    role: POLICY.settings,
    inSight: true,
    submit: 'Show',
    arguments: [
      {
        name: 'org',
        kind: 'org',
        positional: true,
        label: 'Organization',
        example: 'acme',
        says: 'the roles of this organization alone',
      },
    ],
    examples: ['settings', 'settings acme'],
    run: async (call, { values: { org } }) => tellSettings(call, org),
  }),
  subcommand({
    name: 'settings give',
    says: 'Gives a role to a person or a user group, everywhere or in one organization.',
    role: POLICY.settings,
    title: 'Give a role',
    arguments: [WHO, GROUP, ROLE, ORG, SURE],
    examples: ['settings give @omar approver', 'settings give @finance manager org=acme'],
    run: async (call, { values }) => giveOrTake(call, 'give', values),
  }),
  subcommand({
    name: 'settings take',
    says: 'Takes a role that was given here; those of the configuration file stay.',
    role: POLICY.settings,
    title: 'Take a role away',
    submit: 'Take away',
    arguments: [WHO, GROUP, ROLE, ORG, SURE],
    examples: ['settings take @omar approver', 'settings take @finance manager org=acme'],
    run: async (call, { values }) => giveOrTake(call, 'take', values),
  }),
];
