// `npm run pictures`: each kind of message and form, drawn anew into docs/images/desk and named on docs/slack-gallery.md.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { APPROVER, MANAGER, textOf, VIEWER } from '../bot/bot-for-tests.ts';
import { givenTeam } from '../bot/person.ts';
import { callsOf } from '../bot/refused.ts';
import { spend } from '../bot/usage.ts';
import { openStudio } from './studio.ts';
import type { Studio } from './studio.ts';

const GALLERY = path.join(import.meta.dirname, '../../docs/slack-gallery.md');

let studio: Studio;

interface Picture {
  readonly name: string;
  /** What is to be seen, in a line. */
  readonly says: string;
  readonly take: (studio: Studio, name: string) => Promise<void>;
}

/** What a command is answered with, found by a part of the answer. */
function answer(name: string, says: string, text: string, part: string, user = MANAGER): Picture {
  return {
    name,
    says,
    async take({ desk, message }) {
      desk.begin();
      await desk.type(text, user);
      await message(name, await desk.told(part, user));
    },
  };
}

/** The form that a command opens. */
function form(name: string, says: string, text: string, callbackId = 'arguments'): Picture {
  return {
    name,
    says,
    async take(s) {
      await s.desk.type(text);
      await s.desk.form(callbackId);
      await s.form(name);
    },
  };
}

/** What stands there after a button of an answer was pressed. */
function pressed(
  name: string,
  says: string,
  [text, asked, label]: readonly [string, string, string],
  part: string,
): Picture {
  return {
    name,
    says,
    async take({ desk, message }) {
      desk.begin();
      await desk.type(text);
      await desk.press(await desk.told(asked), label);
      await message(name, await desk.told(part));
    },
  };
}

const HOME: Picture = {
  name: 'home',
  says: 'The home tab of a manager',
  take: async ({ home }, name) => home(name),
};

const ONBOARDED: Picture = {
  name: 'onboarded',
  says: 'The answer to an onboarding, with the message for the client',
  async take({ desk, message }, name) {
    desk.begin();
    await desk.type('/org onboard');
    await desk.form('onboard');
    const values = { name: 'Initech', org: 'initech', credits: '10k', groups: ['gpt-models'] };
    await desk.submit({ ...values, dev: ['yes'] });
    await message(name, await desk.told('is on board'));
  },
};

const SECTIONS: readonly (readonly [string, readonly Picture[]])[] = [
  [
    'Help and slips',
    [
      answer(
        'help',
        'Help of one subcommand, with examples to copy',
        '/team help topup',
        'Open the form',
      ),
      answer('did-you-mean', 'A word that is no command', '/team shwo acme-prod', 'Did you mean'),
      answer('unknown-team', 'A team that does not exist', '/team show acme-pord', 'Did you mean'),
      answer(
        'other-order',
        'Words in the wrong order',
        '/team topup 500 acme-prod reason=May',
        'in this order',
      ),
      answer(
        'refused',
        'An error that names its cure',
        '/team credits refund acme-prod 17 reason=x',
        'was not charged',
      ),
      answer(
        'no-role',
        'Who may not',
        '/team topup acme-prod 5 reason=x',
        'needs the role',
        VIEWER,
      ),
    ],
  ],
  [
    'Teams',
    [
      form(
        'create-form',
        'A team is created: what is missing is asked for',
        '/team create acme-web',
        'create_team',
      ),
      answer(
        'created',
        'A team was created',
        '/team create acme-web org=acme credits=1k groups=gpt-models',
        'is ready',
      ),
      answer('list', 'Teams of a customer', '/team list org=acme', 'Teams of acme'),
      answer('show', 'One team', '/team show acme-prod', 'Burn rate'),
      answer(
        'edited',
        'What changed, and what it was',
        '/team edit acme-dev alias="Acme, test" markup=12.5%',
        'is changed',
      ),
      answer(
        'suspend',
        'What is hard to take back is asked first',
        '/team suspend acme-dev reason="Unpaid invoice"',
        'Suspend `acme-dev`',
      ),
      answer(
        'paused',
        'A status was changed, with the way back',
        '/team pause acme-dev until=2h',
        'Paused',
      ),
      answer(
        'limits',
        'Limits, and what is used of them now',
        '/team limits acme-prod requests=100 tokens=20k parallel=5',
        'Requests a minute',
      ),
      form(
        'limits-form',
        'A value that cannot be read, beside its field',
        '/team limits acme-prod requests=many',
      ),
      answer(
        'budget',
        'A budget was set',
        '/team budget acme-prod max=$500 every=30d',
        'Monthly budget',
      ),
      answer(
        'members',
        'People of a team',
        '/team members acme-prod new=ann@acme.com',
        'is in `acme-prod` now',
      ),
      answer('models', 'What a team may call', '/team models acme-prod', 'gpt-models'),
      answer(
        'explain',
        'Why calls are refused, and the button that cures it',
        '/team explain acme-empty',
        'is refused at the moment',
      ),
    ],
  ],
  [
    'Credits',
    [
      form('topup-form', 'Topping up', '/team topup acme-prod', 'top_up'),
      answer(
        'topped-up',
        'Credits were added; undo is offered',
        '/team topup acme-prod 500 reason="Invoice 2026-114"',
        'Added 500 credits',
      ),
      pressed(
        'undone',
        'And taken back',
        ['/team topup acme-prod 70 reason="A slip"', 'Added 70 credits', 'Undo'],
        'Undone',
      ),
      answer(
        'deduct',
        'A deduction is asked first',
        '/team credits deduct acme-prod 20 reason="Booked twice"',
        'Deduct *20 credits*',
      ),
      answer(
        'credits',
        'Grants, policy and latest entries',
        '/team credits acme-prod',
        'Grants, in the order',
      ),
      answer('history', 'The ledger of a team', '/team credits history acme-prod', 'acme-prod'),
      answer('neediest', 'All teams, the neediest first', '/credits', 'the neediest first'),
    ],
  ],
  [
    'Many teams at once',
    [
      form('bulk-form', 'Which teams, and what', '/team bulk'),
      answer(
        'bulk-preview',
        'What would become of each',
        '/team bulk topup org=globex credits=250 reason="May allowance"',
        'Nothing is changed yet',
      ),
      pressed(
        'bulk-report',
        'What became of each',
        [
          '/team bulk suspend org=globex reason="Unpaid invoice"',
          'Suspend 3 teams?',
          'Suspend 3 teams',
        ],
        'Suspend 3 teams: ',
      ),
      {
        name: 'bulk-undone',
        says: 'And set back',
        async take({ desk, message }) {
          const report = await desk.told('Suspend 3 teams: ');
          await desk.press(report, 'Undo');
          await message('bulk-undone', await desk.told('Undo “Suspend 3 teams”'));
        },
      },
    ],
  ],
  [
    'Keys',
    [
      answer('keys', 'Keys of a team', '/team key acme-prod', '*Keys of*'),
      answer(
        'key-link',
        'A new key, behind a link',
        '/team key new acme-prod name="CI server" expires=30d',
        'has another key',
      ),
      answer(
        'key-for-client',
        'The same, in a message to be sent on',
        '/team key new acme-prod name="Web shop" for=client',
        'Ready to be sent',
      ),
      {
        name: 'reveal-page',
        says: 'The page behind the link asks for a click',
        take: async ({ desk, page }) => page('reveal-page', await linkOf(desk)),
      },
      {
        name: 'reveal-opened',
        says: 'A second visit',
        async take({ desk, page }) {
          const link = await linkOf(desk);
          await fetch(link, { method: 'POST' });
          await page('reveal-opened', link);
        },
      },
    ],
  ],
  [
    'Two pairs of eyes, alerts, news',
    [
      {
        name: 'approval',
        says: 'What an approver decides on',
        async take({ desk, message }) {
          desk.begin();
          await desk.type('/team topup acme-prod 25k reason="Invoice 2026-115"');
          await message('approval', await desk.news('Approval needed · Top up acme-prod'));
        },
      },
      {
        name: 'alert',
        says: 'Low credit: one message from its beginning to its end',
        async take({ desk, subject, message }) {
          await givenTeam(subject, 'acme-low');
          await spend(subject, 'acme-low', 850n);
          await watchLowCredit(subject.stores);
          await message('alert', await desk.news('acme-low is low on credits'));
        },
      },
    ],
  ],
  [
    'The whole house',
    [
      HOME,
      ONBOARDED,
      answer('usage', 'Usage of a team', '/team usage acme-prod', 'Usage of acme-prod'),
      answer('organization', 'A customer', '/org show acme', 'acme'),
      answer('catalog', 'Models and groups', '/models', 'claude'),
      answer('whoami', 'Who one is here', '/quartermaster whoami', 'What you may do', VIEWER),
      answer('status', 'How things stand', '/quartermaster status', 'Everything answers'),
      answer(
        'audit',
        'Who did what, when and why',
        '/audit search acme-prod action=credits.',
        'Audit trail',
        APPROVER,
      ),
    ],
  ],
];

async function linkOf(desk: Studio['desk']): Promise<string> {
  desk.begin();
  await desk.type('/team key new acme-prod name=Link');
  const said = textOf(await desk.told('has another key'));
  return /http:[^"\\]*\/reveal\/[\w-]+/.exec(said)?.[0] ?? '';
}

beforeAll(async () => {
  studio = await openStudio();
  const { subject } = studio;
  await givenTeam(subject, 'acme-prod', { credits: '4000' });
  await givenTeam(subject, 'acme-dev', { credits: '500' });
  await givenTeam(subject, 'acme-empty', { credits: '0' });
  for (const id of ['globex-prod', 'globex-dev', 'globex-test']) {
    await givenTeam(subject, id, { organizationId: 'globex', channelId: undefined });
  }
  await spend(subject, 'acme-prod', 1_240n);
  await callsOf(subject, 'acme-empty', { calls: 7 });
});
afterAll(async () => studio.close());

for (const [title, pictures] of SECTIONS) {
  for (const { name, says, take } of pictures) {
    test(`${title}: ${says}`, async () => {
      await expect(take(studio, name)).resolves.toBeUndefined();
    });
  }
}

test('the page names them all', async () => {
  const sections = SECTIONS.map(([title, pictures]) => {
    const shown = pictures.map(
      ({ name, says }) => `${says}:\n\n![${says}](images/desk/${name}.png)`,
    );
    return `## ${title}\n\n${shown.join('\n\n')}`;
  });
  const head = `# What Slack shows

Each kind of message and form of [the desk](slack.md), drawn by the local workspace. Made by \`npm run pictures\`.`;
  const page = `${[head, ...sections].join('\n\n')}\n`;
  await writeFile(GALLERY, page);
  expect(page).toContain('images/desk/help.png');
});
