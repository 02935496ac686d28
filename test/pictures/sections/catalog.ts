import { answer, form, prepared, pressedForm } from '../picture.ts';
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
    answer('model-made', 'It is made', MODEL, 'Model `fast` is made'),
    answer('model', 'A model', '/models show fast', 'Served by'),
    pressedForm(
      'model-edit-form',
      'A model is changed: what holds now stands there',
      ['/models show fast', 'Served by', 'Change …'],
      { shows: ['/models edit'] },
    ),
    answer(
      'model-changed',
      'A model was changed, with the way back',
      '/models edit fast input=$0.20 output=$0.75',
      'Model `fast` is changed',
    ),
    answer('models-found', 'Models by a part of their name', '/models gpt', 'Models like'),
    form('group-form', 'An access group is made', '/models group new'),
    answer(
      'group',
      'An access group, and the teams that have it',
      '/models group gpt-models',
      'acme-prod',
    ),
    answer('group-made', 'A group is made', GROUP, 'Access group `mini-models` is made'),
    pressedForm(
      'group-edit-form',
      'It is changed: what it grants stands there',
      ['/models group mini-models', 'none has it', 'Change …'],
      { shows: ['/models group edit'] },
    ),
    answer(
      'group-changed',
      'A group was changed, for every team that has it',
      '/models group edit mini-models add=gpt-4.1',
      'Access group `mini-models` is changed',
    ),
    answer(
      'model-delete',
      'A model is taken away: who has it is named before',
      '/models delete fast',
      'Delete the model `fast`?',
    ),
    answer(
      'group-delete',
      'So is a group',
      '/models group delete mini-models',
      'Delete the access group `mini-models`?',
    ),
    answer('plan-made', 'A plan is made', PLAN, 'Plan `starter` is made', OWNER),
    answer(
      'plan-followed',
      'A team follows it',
      '/quartermaster plan follow starter team=globex-test',
      'follows the plan `starter`',
      OWNER,
    ),
    answer(
      'plan',
      'A plan of limits and budgets',
      '/quartermaster plan starter',
      'Who follows it',
      OWNER,
    ),
    form('plan-edit-form', 'A plan is changed', '/quartermaster plan edit', { user: OWNER }),
    answer(
      'plan-changed',
      'For all who follow it',
      '/quartermaster plan edit starter requests=90',
      'Plan `starter` is changed',
      OWNER,
    ),
    prepared(
      'plans',
      'The list of plans',
      [['/quartermaster plan new scale requests=600 max=$2k every=30d', 'Plan `scale` is made']],
      ['/quartermaster plan', 'Plans'],
      OWNER,
    ),
    answer(
      'plan-delete',
      'Who follows a plan is named before it goes',
      '/quartermaster plan delete starter',
      '1 follows it',
      OWNER,
    ),
  ],
];
