// Every subcommand of /org, typed whole.

import { textOf, VIEWER } from '../bot-for-tests.ts';
import { typed } from './desk.ts';
import type { Row } from './desk.ts';

export const ORGANIZATION_ROWS: readonly Row[] = [
  {
    item: '/org onboard',
    does: 'opens its form with what was typed',
    async use({ type, form, closeForms }) {
      await type('/org onboard initech credits=10k');
      const view = await form('onboard');
      if (!textOf(view).includes('initech')) {
        throw new Error('The form lacks what was typed');
      }
      await closeForms();
    },
  },
  typed('/org create', 'makes a customer', '/org create hooli name="Hooli"', 'Hooli (hooli)'),
  typed('/org show', 'shows a customer', '/org show acme', 'acme', VIEWER),
  typed('/org list', 'lists customers', '/org list', 'acme', VIEWER),
  typed('/org usage', 'shows usage', '/org usage acme', 'Usage of acme', VIEWER),
  typed(
    '/org digest',
    'has a channel told of a customer',
    '/org digest acme daily',
    'gets a *daily* digest of `acme`',
  ),
  typed('/org members', 'lists people', '/org members acme', 'acme', VIEWER),
  typed(
    '/org models',
    'confines what its teams may use',
    '/org models acme only=gpt-models,claude-models',
    'Changed, from the next call on',
  ),
  typed('/org suspend', 'asks first', '/org suspend globex reason=Unpaid', 'Suspend `globex`'),
  typed('/org pause', 'pauses at once', '/org pause globex', 'Paused: `globex`'),
  typed('/org resume', 'ends a pause', '/org resume globex', 'Resumed: `globex`'),
  typed('/org archive', 'asks first', '/org archive globex reason=Ended', 'Archive `globex`'),
  typed(
    '/org limits',
    'bounds all teams together',
    '/org limits acme requests=9k',
    '✅ Requests a minute: *9,000*',
  ),
  typed(
    '/org budget',
    'bounds the spend of all teams',
    '/org budget acme max=$5k every=30d',
    '✅ Monthly budget: *$5,000.00*',
  ),
  typed(
    '/org alerts',
    'sets what is told of a customer',
    '/org alerts acme budgets=50,90',
    'Alerts of acme',
  ),
  typed('/org link', 'links a channel', '/org link globex #general', '<#C0GENERAL>'),
  typed('/org set', 'changes a customer', '/org set acme zone=Europe/Berlin', 'Europe/Berlin'),
];
