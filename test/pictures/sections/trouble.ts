import { changeOnce } from '../../../src/core/change.ts';
import { noteFailure } from '../../../src/core/tasks/note-run.ts';
import { MINUTE_MS } from '../../../src/core/time.ts';
import { MANAGER } from '../../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../../bot/bot-for-tests.ts';
import type { Picture, Section } from '../picture.ts';
import type { Studio } from '../studio.ts';

/** As long as the longest picture takes. */
const HELD_AT_MOST_MS = 60_000;

export const TROUBLE: Section = [
  'When something is slow or away',
  [
    {
      name: 'working',
      says: 'What takes longer says so',
      async take({ desk, subject, message }, name) {
        await whileHeldUp(subject, async () => {
          desk.begin();
          await desk.type('/team topup acme-web 30 reason="Invoice 2026-126"');
          await message(name, await desk.told('Working on it'));
        });
        await desk.told('Added 30 credits');
      },
    },
    {
      name: 'working-form',
      says: 'So does a form',
      async take({ desk, subject, form }, name) {
        desk.begin();
        await desk.type('/team topup acme-web');
        await desk.form('top_up');
        await whileHeldUp(subject, async () => {
          await desk.submit({ credits: '40', reason: 'Invoice 2026-127' });
          await form(name);
        });
        await desk.told('Added 40 credits');
      },
    },
    {
      name: 'restarted',
      says: 'Who still waits when the bot stops is told, and asks again without doing it twice',
      async take({ desk, subject, message }, name) {
        await whileHeldUp(subject, async () => {
          desk.begin();
          await desk.type('/team topup acme-web 50 reason="Invoice 2026-128"');
          await subject.bot.stop();
        });
        await message(name, await desk.told('I am being restarted'));
        await subject.restart();
      },
    },
    {
      name: 'lost-place',
      shows: ['post place.lost'],
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
      name: 'late-answer',
      says: 'An answer that Slack did not take at once',
      shows: ['post answer.late'],
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        desk.begin();
        await records.posts.add({
          place: MANAGER,
          kind: 'answer.late',
          facts: {
            said: '✅ Added 500 credits to `acme-prod`: now 3,150.94 credits spendable.',
            askedAtMs: clock() - 4 * MINUTE_MS,
          },
        });
        await message(name, await desk.news('This answers what you asked for'));
      },
    },
    {
      name: 'task-failing',
      says: 'A task of the worker that keeps failing, told to operators once',
      shows: ['post task.failing'],
      async take({ desk, subject, message }, name) {
        const { records, clock } = subject.stores;
        const noted = { task: 'deliver-webhooks', cure: 'look at the addresses of the webhooks' };
        const at = { startedAt: new Date(clock()), endedAt: new Date(clock()) };
        const error = new Error('connect ECONNREFUSED 203.0.113.7:443');
        desk.begin();
        await noteFailure({ records }, noted, { ...at, error, isLast: true });
        await message(name, await desk.news('has been failing since'));
      },
    },
  ],
];

/** Does this while nobody can read or change a balance. */
async function whileHeldUp({ postgres }: BotUnderTest, work: () => Promise<void>): Promise<void> {
  const [held, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = postgres.$transaction(
    async (scope) => {
      await scope.$executeRaw`LOCK TABLE credit_accounts, teams IN ACCESS EXCLUSIVE MODE`;
      held.resolve();
      await over.promise;
    },
    { timeout: HELD_AT_MOST_MS },
  );
  await Promise.race([held.promise, holding]);
  await work().finally(() => over.resolve());
  await holding;
}

/** What is told of a request whose process is gone; `meanwhile` is what had become of it. */
function brokenOff(
  name: string,
  says: string,
  meanwhile: (studio: Studio, onceId: string) => Promise<unknown>,
): Picture {
  return {
    name,
    says,
    shows: ['post request.broken_off'],
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
