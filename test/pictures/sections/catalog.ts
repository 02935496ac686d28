import { answer, form, prepared } from '../picture.ts';
import type { Section } from '../picture.ts';
import { OWNER } from '../studio.ts';

const MODEL =
  '/models new fast provider=openai upstream=gpt-4o-mini groups=gpt-models title="Fast and cheap" input=$0.15 output=$0.60 max-output=4k';
const GROUP = '/models group new mini-models models=gpt-4o-mini title="Small models"';
const PLAN = '/quartermaster plan new starter requests=60 tokens=20k max=$100 every=30d';

export const CATALOG: Section = [
  'Models, groups and plans',
  [
    answer('catalog', 'Models and groups', '/models', 'claude'),
    form('model-form', 'A model is made: what is missing is asked for', '/models new fast'),
    prepared('model', 'A model', [[MODEL, 'fast']], ['/models show fast', 'Served by']),
    prepared(
      'model-changed',
      'A model was changed, with the way back',
      [[MODEL, 'fast']],
      ['/models edit fast input=$0.20 output=$0.75', 'Model `fast` is changed'],
    ),
    form('group-form', 'An access group is made', '/models group new'),
    prepared(
      'group',
      'An access group, and the teams that have it',
      [],
      ['/models group gpt-models', 'acme-prod'],
    ),
    prepared(
      'group-changed',
      'A group was changed, for every team that has it',
      [[GROUP, 'mini-models']],
      ['/models group edit mini-models add=gpt-4.1', 'Access group `mini-models` is changed'],
    ),
    prepared(
      'plan',
      'A plan of limits and budgets',
      [
        [PLAN, 'starter'],
        ['/quartermaster plan follow starter team=globex-test', 'starter'],
      ],
      ['/quartermaster plan starter', 'Who follows it'],
      OWNER,
    ),
  ],
];
