import { APPROVER, MANAGER, VIEWER } from '../../bot/bot-for-tests.ts';
import { noteSuccess } from '../../../src/core/tasks/note-run.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { TASK_NAMES } from '../../../src/queue/tasks.ts';
import { givenTeam } from '../../bot/person.ts';
import { OWNER } from '../studio.ts';
import { answer, form, pressed } from '../picture.ts';
import type { Section } from '../picture.ts';

export const WHOLE: Section = [
  'The whole house',
  [
    {
      name: 'home',
      says: 'The home tab of a manager',
      take: async ({ home }, name) => home(name, MANAGER),
    },
    {
      name: 'home-approver',
      says: 'The home tab of an approver',
      take: async ({ home }, name) => home(name, APPROVER),
    },
    {
      name: 'home-viewer',
      says: 'The home tab of a viewer',
      take: async ({ home }, name) => home(name, VIEWER),
    },
    form('onboard-form', 'A new customer, in one form', '/org onboard initech credits=10k', {
      callbackId: 'onboard',
    }),
    {
      name: 'onboarded',
      shows: ['/org onboard'],
      says: 'The answer to an onboarding, with the message for the client',
      async take({ desk, message }, name) {
        desk.begin();
        await desk.type('/org onboard');
        await desk.form('onboard');
        const values = { name: 'Initech', org: 'initech', credits: '10k', groups: ['gpt-models'] };
        await desk.submit({ ...values, dev: ['yes'] });
        await message(name, await desk.told('is on board'));
      },
    },
    answer('usage', 'Usage of a team', '/usage acme-prod', 'Usage of acme-prod'),
    answer('whoami', 'Who one is here', '/quartermaster whoami', 'What you may do', VIEWER),
    {
      name: 'status',
      says: 'How things stand',
      shows: ['/quartermaster status'],
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        const at = { startedAt: new Date(clock()), endedAt: new Date(clock()) };
        for (const task of TASK_NAMES) {
          await noteSuccess({ records }, { task, cure: '' }, { ...at, everyMs: HOUR_MS });
        }
        desk.begin();
        await desk.type('/quartermaster status');
        await message(name, await desk.told('Everything answers'));
      },
    },
    answer(
      'audit',
      'Who did what, when and why',
      '/audit search acme-prod action=credits.',
      'Audit trail',
      APPROVER,
    ),
    answer(
      'audit-verified',
      'The trail is a chain that can be checked',
      '/audit verify',
      'The audit trail holds',
      APPROVER,
    ),
    answer(
      'audit-exported',
      'And comes as a file',
      '/audit export from=1d',
      'entries as a file',
      APPROVER,
    ),
    {
      name: 'usage-picture',
      shows: ['/team usage'],
      says: 'The same as a file: a chart',
      take: async ({ file }, name) =>
        file(name, '/team usage acme-prod range=30d as=picture', '.png'),
    },
    {
      name: 'usage-csv',
      shows: ['/team usage'],
      says: 'And a table for a spreadsheet',
      take: async ({ file }, name) => file(name, '/team usage acme-prod range=30d as=csv', '.csv'),
    },
    answer('roles', 'Who has which role', '/quartermaster settings', 'S0MANAGERS', OWNER),
    pressed(
      'role-given',
      'A role is given',
      [
        '/quartermaster settings give @vera manager org=globex',
        'Make <@U0VIEWER>',
        'Give the role',
      ],
      'is now *manager*',
      OWNER,
    ),
    pressed(
      'role-taken',
      'And taken away',
      [
        '/quartermaster settings take @vera manager org=globex',
        'from <@U0VIEWER>?',
        'Take it away',
      ],
      '<@U0VIEWER> is',
      OWNER,
    ),
    {
      name: 'page-turned',
      shows: ['/team list'],
      says: 'A long list turns its pages in place',
      async take({ desk, subject, message }, name) {
        const wish = { organizationId: 'initrode', channelId: undefined, accessGroups: [] };
        for (let team = 11; team <= 23; team += 1) {
          await givenTeam(subject, `shop-${team}`, { ...wish, credits: `${team * 40}` });
        }
        desk.begin();
        await desk.type('/team list org=initrode');
        await desk.press(await desk.told('Teams of initrode'), 'Next');
        await message(name, await desk.told('shop-23'));
      },
    },
  ],
];
