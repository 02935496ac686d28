import { POLICY } from '../../../core/policy.ts';
import {
  changePlanFrom,
  deletePlan,
  follow,
  makePlan,
  planStanding,
  showPlans,
} from '../../plans.ts';
import { BUDGET_ARGUMENTS, LIMIT_ARGUMENTS } from '../ceiling-arguments.ts';
import { subcommand } from '../definition.ts';
import { SURE } from '../sure-argument.ts';

const PLAN = {
  name: 'plan',
  kind: 'plan',
  positional: true,
  required: true,
  example: 'starter',
  says: 'the name of the plan',
} as const;

const [REQUESTS, USAGE_TOKENS, PARALLEL, MODEL, SHADOW] = LIMIT_ARGUMENTS;
const [MAX, EVERY, SOFT] = BUDGET_ARGUMENTS;
/** A boost belongs to one customer, and to no plan. */
const BOUNDS = [REQUESTS, USAGE_TOKENS, PARALLEL, MAX, EVERY, SOFT, MODEL, SHADOW] as const;

/** Named sets of limits and budgets. What a plan gives needs no approval; so owners give it. */
export const PLAN_SUBCOMMANDS = [
  subcommand({
    name: 'plan',
    says: 'Shows plans: named sets of limits and budgets, and how many follow each.',
    role: 'viewer',
    title: 'Plans',
    submit: 'Show',
    arguments: [{ ...PLAN, required: false, says: 'one plan; all of them if absent' }],
    examples: ['plan', 'plan starter'],
    run: async (call, { values: { plan } }) => showPlans(call, plan),
  }),
  subcommand({
    name: 'plan new',
    says: 'Makes a plan that nobody follows yet.',
    role: POLICY.settings,
    title: 'New plan',
    submit: 'Make the plan',
    arguments: [
      { ...PLAN, kind: 'text', says: 'the name of the new plan, which never changes' },
      ...BOUNDS,
    ],
    examples: ['plan new starter requests=60 tokens=20k max=$100 every=30d'],
    run: async (call, { values }) => makePlan(call, values),
  }),
  subcommand({
    name: 'plan edit',
    says: 'Changes a plan, and with it everybody who follows it, from their next call on.',
    role: POLICY.settings,
    title: 'Change a plan',
    submit: 'Save',
    standing: planStanding,
    arguments: [PLAN, ...BOUNDS],
    examples: ['plan edit starter requests=120', 'plan edit starter tokens=off'],
    run: async (call, { values }) => changePlanFrom(call, values),
  }),
  subcommand({
    name: 'plan delete',
    says: 'Takes a plan away, and what it gave from all who follow it, after asking.',
    role: POLICY.settings,
    title: 'Delete a plan',
    arguments: [PLAN, SURE],
    examples: ['plan delete starter'],
    run: async (call, { values: { plan = '', sure } }) =>
      deletePlan(call, { plan, sure: sure === true }),
  }),
  subcommand({
    name: 'plan follow',
    says: 'Has a team, organization, key or person follow a plan in place of the one before; or none.',
    role: POLICY.settings,
    title: 'Follow a plan',
    submit: 'Save',
    arguments: [
      {
        ...PLAN,
        says: 'which plan; none for none',
        instead: { word: 'none', says: 'Follows no plan any more' },
      },
      { name: 'team', kind: 'team', example: 'team=acme-prod', says: 'which team follows it' },
      { name: 'org', kind: 'org', example: 'org=acme', says: 'or which organization' },
      { name: 'key', kind: 'key', example: 'key=9bdd', says: 'a key of that team' },
      {
        name: 'member',
        kind: 'member',
        example: 'member=ann@acme.com',
        says: 'a person in that team',
      },
      {
        name: 'user',
        kind: 'person',
        example: 'user=ann@acme.com',
        says: 'a person of that organization, over all its teams',
      },
    ],
    examples: ['plan follow starter team=acme-prod', 'plan follow none org=acme'],
    run: async (call, { values }) => follow(call, values),
  }),
];
