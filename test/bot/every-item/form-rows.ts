// Every form, menu and shortcut, and what Slack tells by itself.

import { APPROVER, MANAGER, textOf, VIEWER } from '../bot-for-tests.ts';
import { OWNER } from './desk.ts';
import type { Row } from './desk.ts';
import { check, isOpen, proposalOf } from './scenes.ts';

const FORMS: readonly Row[] = [
  {
    item: 'form arguments',
    does: 'runs its subcommand with what stands in it',
    async use({ type, form, submit, told }) {
      await type('/team show');
      await form('arguments');
      await submit({ team: 'acme-prod' });
      await told('spendable');
    },
  },
  {
    item: 'form create_team',
    does: 'creates a team',
    async use({ type, form, submit, told }) {
      await type('/team create form-team org=acme credits=5');
      await form('create_team');
      await submit({ groups: ['gpt-models'] });
      await told('`form-team` is ready');
    },
  },
  {
    item: 'form onboard',
    does: 'makes a customer with all that it needs',
    async use({ type, form, submit, told }) {
      await type('/org onboard');
      await form('onboard');
      await submit({ name: 'Umbrella', org: 'umbrella', credits: '5', groups: ['gpt-models'] });
      await told('is on board');
    },
  },
  {
    item: 'form top_up',
    does: 'adds credits',
    async use({ type, form, submit, told }) {
      await type('/team topup acme-prod');
      await form('top_up');
      await submit({ credits: '11', reason: 'May' });
      await told('Added 11 credits to `acme-prod`');
    },
  },
  {
    item: 'form alerts',
    does: 'saves what is told of a team',
    async use({ type, form, submit, told }) {
      await type('/team alerts acme-dev change');
      await form('alerts');
      await submit({ thresholds: '40' });
      await told('Alerts of acme-dev');
    },
  },
  {
    item: 'form proposal_reject',
    does: 'rejects with its reason',
    async use(desk) {
      const { card } = await proposalOf(desk, 'form-no');
      await desk.press(card, 'Reject …', APPROVER);
      await desk.form('proposal_reject', APPROVER);
      await desk.submit({ reason: 'Not paid' }, APPROVER);
      await desk.quiet();
      check(!(await isOpen(desk, 'form-no')), 'It is still open');
    },
  },
  {
    item: 'form proposal_question',
    does: 'asks in the thread of the card',
    async use(desk) {
      const { card } = await proposalOf(desk, 'form-ask');
      await desk.press(card, 'Ask a question …', APPROVER);
      await desk.form('proposal_question', APPROVER);
      await desk.submit({ reason: 'Is it paid?' }, APPROVER);
      await desk.news('asks <@U0MANAGER>: Is it paid?');
    },
  },
  {
    item: 'form proposal_urgent',
    does: 'does it at once',
    async use(desk) {
      const { own } = await proposalOf(desk, 'form-now');
      await desk.press(own, 'Urgent: do it now …');
      await desk.form('proposal_urgent');
      await desk.submit({ reason: 'Launch is now' });
      await desk.quiet();
      check(!(await isOpen(desk, 'form-now')), 'It is still open');
    },
  },
];

interface MenuUse {
  readonly kind: string;
  /** Opens the form. */
  readonly text: string;
  readonly field: string;
  readonly query: string;
  readonly offered: string;
  readonly user?: string;
  /** The form of a command's arguments where nothing is said. */
  readonly callbackId?: string;
}

/** Opens the form of a command and types into one of its menus. */
function menu({ kind, text, field, query, offered, ...rest }: MenuUse): Row {
  const { user = MANAGER, callbackId = 'arguments' } = rest;
  return {
    item: `menu ${kind}`,
    does: 'is filled while a person types',
    async use({ type, form, control }) {
      await type(text, user);
      await form(callbackId, user);
      const { options } = await control.typeahead({ user, actionId: field, query });
      const found = options.map((option) => `${option.value} ${option.text.text}`);
      check(found.join().includes(offered), `The menu offers ${found.join(', ')}`);
    },
  };
}

const MENUS: readonly Row[] = [
  menu({ kind: 'team', text: '/team show', field: 'team', query: 'dev', offered: 'acme-dev' }),
  menu({ kind: 'org', text: '/org show', field: 'org', query: 'acm', offered: 'acme' }),
  menu({
    kind: 'key',
    text: '/team key rotate acme-prod',
    field: 'key',
    query: '',
    offered: 'sk-',
  }),
  menu({ kind: 'model', text: '/models show', field: 'model', query: 'gpt', offered: 'gpt-4o' }),
  menu({
    kind: 'model_or_group',
    text: '/team bulk',
    field: 'model',
    query: 'claude-m',
    offered: 'claude-models',
  }),
  menu({
    kind: 'group',
    text: '/models group',
    field: 'group',
    query: 'clau',
    offered: 'claude-models',
  }),
  menu({
    kind: 'plan',
    text: '/quartermaster plan follow',
    field: 'plan',
    query: 'no',
    offered: 'none',
    user: OWNER,
  }),
  menu({
    kind: 'models',
    text: '/team key new',
    field: 'models',
    query: 'claude',
    offered: 'claude-models',
  }),
  menu({
    kind: 'groups',
    text: '/team create',
    field: 'groups',
    query: 'clau',
    offered: 'claude-models',
    callbackId: 'create_team',
  }),
  {
    item: 'menu person',
    does: 'offers the people of the customer',
    async use({ type, told, control, form }) {
      await type('/team members acme-prod new=ann@acme.com');
      await told('is in `acme-prod` now');
      await type('/team key new acme-dev expires=someday');
      await form('arguments');
      const { options } = await control.typeahead({
        user: MANAGER,
        actionId: 'owner',
        query: 'ANN',
      });
      check(options[0]?.value === 'ann@acme.com', `Offered: ${JSON.stringify(options)}`);
    },
  },
  {
    item: 'menu member',
    does: 'offers the people in the team',
    async use({ type, told, control, form }) {
      await type('/team members acme-prod new=bob@acme.com');
      await told('is in `acme-prod` now');
      await type('/team limits acme-prod requests=x member=bob@acme.com');
      await form('arguments');
      const { options } = await control.typeahead({
        user: MANAGER,
        actionId: 'member',
        query: 'bob',
      });
      check(options[0]?.value === 'bob@acme.com', `Offered: ${JSON.stringify(options)}`);
    },
  },
  menu({
    kind: 'user_group',
    text: '/quartermaster settings give',
    field: 'group',
    query: 'appr',
    offered: '@approvers',
    user: OWNER,
  }),
];

const BY_THEMSELVES: readonly Row[] = [
  {
    item: 'shortcut create_team',
    does: 'opens the form',
    async use({ control, form }) {
      await control.shortcut({ user: MANAGER, callbackId: 'create_team' });
      await form('create_team');
    },
  },
  {
    item: 'shortcut top_up_message',
    does: 'opens the form with the team of the message',
    async use({ control, form }) {
      const text = 'acme-dev is nearly empty';
      await control.say({ user: VIEWER, channel: '#acme-prod', text });
      const said = await control.waitForMessage((message) => message.text === text);
      await control.shortcut({
        user: MANAGER,
        callbackId: 'top_up_message',
        messageStamp: said.stamp,
      });
      check(textOf(await form('top_up')).includes('acme-dev'), 'The form has no team');
    },
  },
  {
    item: 'event app_home_opened',
    does: 'publishes the tab of this person',
    async use({ control }) {
      await control.openHome({ user: APPROVER });
      await control.waitForHome((view) => view.userId === APPROVER);
    },
  },
  {
    item: 'event app_mention',
    does: 'is answered to who asked, alone',
    async use({ control, told }) {
      const text = '@quartermaster what about acme-dev?';
      await control.say({ user: MANAGER, channel: '#acme-prod', text });
      await told('What about `acme-dev`');
    },
  },
  {
    item: 'event user_change',
    does: 'takes the roles of who left at once',
    async use({ control, type, told }) {
      await control.changePerson({ user: VIEWER, change: { deactivated: true } });
      await type('/team show acme-prod', VIEWER);
      await told('This account is deactivated', VIEWER);
      await control.changePerson({ user: VIEWER, change: { deactivated: false } });
    },
  },
  {
    item: 'event subteam_members_changed',
    does: 'takes the roles of a group at once',
    async use({ control, type, told }) {
      await control.changeGroup({ group: 'S0MANAGERS', members: [] });
      await type('/team show acme-prod');
      await told('This needs the role *viewer*');
      await control.changeGroup({ group: 'S0MANAGERS', members: [MANAGER] });
    },
  },
];

export const FORM_ROWS: readonly Row[] = [...FORMS, ...MENUS, ...BY_THEMSELVES];
