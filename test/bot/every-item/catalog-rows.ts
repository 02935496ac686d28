// What concerns all customers: models, access groups, plans.

import { VIEWER } from '../bot-for-tests.ts';
import { givenTeam } from '../person.ts';
import { OWNER, typed } from './desk.ts';
import type { Row } from './desk.ts';
import { check } from './scenes.ts';

const MODELS: readonly Row[] = [
  typed('/models', 'finds models', '/models claude', 'Models like “claude”', VIEWER),
  typed('/models show', 'shows a model', '/models show gpt-4o', 'gpt-models', VIEWER),
  typed(
    '/models new',
    'makes a model',
    '/models new fast provider=openai upstream=gpt-4o-mini groups=gpt-models',
    'Model `fast` is made',
  ),
  {
    item: '/models edit',
    does: 'changes a model, and takes that back',
    async use({ type, told, press }) {
      await type('/models edit fast title="Fast and cheap"');
      await press(await told('Model `fast` is changed'), 'Undo');
      await told('"text":"fast","emoji"');
    },
  },
  {
    item: '/models delete',
    does: 'asks, then takes a model away',
    async use({ type, told, press }) {
      await type('/models delete fast');
      await press(await told('Delete the model `fast`?'), 'Delete');
      await told('Model `fast` is deleted');
    },
  },
  typed('/models group', 'shows a group', '/models group gpt-models', 'acme-prod', VIEWER),
  typed(
    '/models group new',
    'makes an access group',
    '/models group new mini-models models=gpt-4o-mini',
    'Access group `mini-models` is made',
  ),
  {
    item: '/models group edit',
    does: 'changes what a group grants, and takes that back',
    async use({ type, told, press, stores }) {
      const granted = async () =>
        (await stores.records.accessGroups.list()).find(({ name }) => name === 'mini-models')
          ?.aliases;
      await type('/models group edit mini-models add=gpt-4.1');
      const said = await told('Access group `mini-models` is changed');
      check((await granted())?.join() === 'gpt-4o-mini,gpt-4.1', 'It grants something else');
      await press(said, 'Undo');
      await told('*Models*  `gpt-4o-mini`"');
      check((await granted())?.join() === 'gpt-4o-mini', 'It was not taken back');
    },
  },
  {
    item: '/models group delete',
    does: 'asks, then takes a group away',
    async use({ type, told, press }) {
      await type('/models group delete mini-models');
      await press(await told('Delete the access group `mini-models`?'), 'Delete');
      await told('Access group `mini-models` is deleted');
    },
  },
];

const PLANS: readonly Row[] = [
  typed(
    '/quartermaster plan new',
    'makes a plan',
    '/quartermaster plan new starter requests=60 max=$100 every=30d',
    'Plan `starter` is made',
    OWNER,
  ),
  typed('/quartermaster plan', 'lists plans', '/quartermaster plan', 'Requests a minute', VIEWER),
  {
    item: '/quartermaster plan follow',
    does: 'has a team follow a plan',
    async use({ subject, type, told }) {
      await givenTeam(subject, 'planned');
      await type('/quartermaster plan follow starter team=planned', OWNER);
      await told('Team planned follows the plan `starter`', OWNER);
    },
  },
  {
    item: '/quartermaster plan edit',
    does: 'changes all who follow it',
    async use({ type, told, stores }) {
      await type('/quartermaster plan edit starter requests=90', OWNER);
      await told('Plan `starter` is changed', OWNER);
      const team = await stores.records.teams.find('planned');
      check(team?.ceilings.limits[0]?.max === 90, 'Who follows it was left as it was');
    },
  },
  {
    item: '/quartermaster plan delete',
    does: 'asks, then takes what it gave',
    async use({ type, told, press, stores }) {
      await type('/quartermaster plan delete starter', OWNER);
      await press(await told('1 follows it', OWNER), 'Delete', OWNER);
      await told('Plan `starter` is deleted', OWNER);
      const team = await stores.records.teams.find('planned');
      check(team?.ceilings.limits.length === 0, 'Who followed it still has its limits');
    },
  },
];

export const CATALOG_ROWS: readonly Row[] = [...MODELS, ...PLANS];
