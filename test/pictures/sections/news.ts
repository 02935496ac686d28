import { MANAGER } from '../../bot/bot-for-tests.ts';
import { sendDigests } from '../../../src/core/digests/send-digests.ts';
import type { PostKind, PostWish } from '../../../src/core/posts/post.ts';
import type { RateName } from '../../../src/core/pricing/price-change.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import type { Picture, Section } from '../picture.ts';
import type { Studio } from '../studio.ts';

const USD = 1_000_000_000n;
const REMINDED = { name: 'Hooli', org: 'hooli', credits: '10k', groups: ['gpt-models'] };
const MENTION = '@quartermaster how is acme-prod doing?';

export const NEWS: Section = [
  'News',
  [
    {
      name: 'change-news',
      says: 'What was done to a team, told in its channel, with who did it',
      shows: ['post change.news'],
      async take({ desk, subject, message }, name) {
        desk.begin();
        await desk.type('/team topup acme-web 200 reason="Invoice 2026-125"');
        await message(name, await desk.news('Team *acme-web* topped up'));
        await subject.idle();
      },
    },
    {
      name: 'digest',
      shows: ['post digest'],
      says: 'A weekly digest',
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        await records.digests.put({
          channelId: 'C0OPS',
          subject: { kind: 'organization', organizationId: 'acme' },
          every: 'weekly',
          csv: true,
          nextAt: new Date(clock()),
          createdBy: `slack:${MANAGER}`,
        });
        desk.begin();
        await sendDigests(subject.stores);
        await message(name, await desk.news('Last week of acme'));
      },
    },
    {
      name: 'digest-file',
      says: 'And its figures as a file',
      shows: ['post digest.file'],
      async take({ desk, message }, name) {
        const file = await desk.control.waitForMessage(({ files }) => files.length > 0);
        await message(name, file);
      },
    },
    {
      name: 'day-after',
      shows: ['post onboarding.day_after'],
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
    posted(
      'budget-ended',
      'A budget that started over',
      'budget.ended',
      'started over',
      async ({ subject }) => {
        const { records, clock } = subject.stores;
        const startsAt = new Date(clock() - 31 * DAY_MS);
        const endsAt = new Date(clock() - HOUR_MS);
        const of = { subject: 'team:acme-prod', meter: 'budget-1mo' };
        const period = { organizationId: 'acme', teamId: 'acme-prod', duration: '1mo' };
        await subject.postgres.budgetPeriod.create({
          data: {
            ...of,
            ...period,
            startsAt,
            endsAt,
            dueAt: endsAt,
            model: null,
            maxNanoUsd: 500n * USD,
          },
        });
        await subject.postgres.budgetSpend.create({
          data: { ...of, startsAt, spentNanoUsd: 431n * USD },
        });
        const [due] = (await records.budgetPeriods.due(new Date(clock()), 10)).filter(
          (each) => each.startsAt.getTime() === startsAt.getTime(),
        );
        await (due && records.budgetPeriods.end(due, new Date(clock()), 12));
        return {
          place: 'C0ACME',
          facts: { ...of, startsAt: startsAt.toISOString() },
          teamId: 'acme-prod',
        };
      },
    ),
    posted(
      'prices-changed',
      'Prices that are others than they were',
      'prices.changed',
      'something else',
      async () => ({
        place: 'C0OPS',
        facts: {
          version: '0.1.9',
          isApplied: true,
          changes: [
            {
              name: 'openai/gpt-4o',
              models: ['gpt-4o'],
              rates: [
                rate('inputPicoUsdPerToken', '2500000', '2000000'),
                rate('outputPicoUsdPerToken', '10000000', '8000000'),
              ],
            },
            {
              name: 'openai/gpt-4.1',
              models: ['gpt-4.1'],
              rates: [rate('cachedInputPicoUsdPerToken', null, '500000')],
            },
          ],
        },
      }),
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

function rate(name: RateName, before: string | null, after: string | null) {
  return { rate: name, aboveInputTokens: null, before, after };
}

/** A post of this kind, which `prepare` makes true. */
function posted<Kind extends PostKind>(
  name: string,
  says: string,
  kind: Kind,
  part: string,
  prepare: (studio: Studio) => Promise<Omit<PostWish<Kind>, 'kind'>>,
): Picture {
  return {
    name,
    says,
    shows: [`post ${kind}`],
    async take(studio) {
      const { desk, subject, message } = studio;
      const wish = await prepare(studio);
      desk.begin();
      await subject.stores.records.posts.add<Kind>({ ...wish, kind });
      await message(name, await desk.news(part));
    },
  };
}
