import { MANAGER } from '../../bot/bot-for-tests.ts';
import { changeOnce } from '../../../src/core/change.ts';
import { watchLowCredit } from '../../../src/core/alerts/low-credit.ts';
import { sendDigests } from '../../../src/core/digests/send-digests.ts';
import { givenTeam } from '../../bot/person.ts';
import { spend } from '../../bot/usage.ts';
import { answer, form } from '../picture.ts';
import type { Picture, Section } from '../picture.ts';
import type { Studio } from '../studio.ts';

const REMINDED = { name: 'Hooli', org: 'hooli', credits: '10k', groups: ['gpt-models'] };
const MENTION = '@quartermaster how is acme-prod doing?';

export const NEWS: Section = [
  'Alerts and news',
  [
    {
      name: 'alert',
      says: 'Low credit: one message from its beginning to its end',
      async take({ desk, subject, message }, name) {
        await givenTeam(subject, 'acme-low');
        await spend(subject, 'acme-low', 850n);
        await watchLowCredit(subject.stores);
        await message(name, await desk.news('acme-low is low on credits'));
      },
    },
    answer('alert-settings', 'What is told of a team', '/team alerts acme-prod', 'Alerts of'),
    form('alerts-form', 'And the form for it', '/team alerts acme-prod change', {
      callbackId: 'alerts',
    }),
    answer(
      'org-alerts',
      'What is told of a customer, and of its teams',
      '/org alerts acme',
      'Alerts of acme',
    ),
    form('org-alerts-form', 'And the form for that', '/org alerts acme change', {
      callbackId: 'alerts',
    }),
    {
      name: 'digest',
      says: 'A weekly digest',
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        await records.digests.put({
          channelId: 'C0OPS',
          subject: { kind: 'organization', organizationId: 'acme' },
          every: 'weekly',
          csv: false,
          nextAt: new Date(clock()),
          createdBy: `slack:${MANAGER}`,
        });
        desk.begin();
        await sendDigests(subject.stores);
        await message(name, await desk.news('Last week of acme'));
      },
    },
    {
      name: 'day-after',
      says: 'A day after a customer began: whether the first call came',
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        desk.begin();
        await desk.type('/org onboard');
        await desk.form('onboard');
        await desk.submit(REMINDED);
        await desk.told('is on board');
        await records.posts.add({
          place: MANAGER,
          kind: 'onboarding.day_after',
          facts: { organizationId: 'hooli' },
          mergeKey: `a day early ${clock()}`,
        });
        await message(name, await desk.news('no call yet'));
      },
    },
    {
      name: 'lost-place',
      says: 'A channel that is gone, told to who can mend it',
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        desk.begin();
        await records.posts.add({
          place: 'C0OPS',
          kind: 'place.lost',
          facts: { place: 'C0ACME', complaint: 'is_archived', elsewhere: ['C0OPS'] },
          mergeKey: `lost ${clock()}`,
        });
        await message(name, await desk.news('What was to be said there'));
      },
    },
    brokenOff(
      'broken-off',
      'A request that was under way when the bot was killed, and was not done',
      async () => undefined,
    ),
    brokenOff(
      'broken-off-done',
      'One that was done: only its answer was lost',
      async ({ subject }, onceId) =>
        changeOnce(subject.stores.records, `slack:${onceId}`, async () => undefined),
    ),
    {
      name: 'mention',
      says: 'Named in a thread, it answers there, to the one who asked',
      async take({ desk, subject, messages }, name) {
        const { control } = subject;
        const channel = '#acme-prod';
        const text = 'Acme asks whether their credits last until Monday.';
        desk.begin();
        await control.say({ user: MANAGER, channel, text });
        const first = await control.waitForMessage((message) => message.text === text);
        await control.say({ user: MANAGER, channel, text: MENTION, threadStamp: first.stamp });
        const second = await control.waitForMessage(({ text: said }) => said.includes('doing?'));
        await messages(name, [first, second, await desk.told('What about `acme-prod`')]);
      },
    },
  ],
];

/** What is told of a request whose process is gone; `meanwhile` is what had become of it. */
function brokenOff(
  name: string,
  says: string,
  meanwhile: (studio: Studio, onceId: string) => Promise<unknown>,
): Picture {
  return {
    name,
    says,
    async take(studio) {
      const { desk, subject, message } = studio;
      const { records, clock } = subject.stores;
      const onceId = `${name}-${clock()}`;
      await meanwhile(studio, onceId);
      desk.begin();
      await records.posts.add({
        place: MANAGER,
        kind: 'request.broken_off',
        facts: {
          text: '/team topup acme-dev 50 reason="Invoice 2026-121"',
          onceId,
          channelId: 'C0ACME',
          askedAtMs: clock(),
        },
        mergeKey: onceId,
      });
      await message(name, await desk.news('I was stopped'));
    },
  };
}
