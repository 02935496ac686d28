import { createJob } from '../../../src/core/jobs/create-job.ts';
import { endJob } from '../../../src/core/jobs/end-job.ts';
import { isRefusal } from '../../../src/core/refusals.ts';
import { givenTeam } from '../../bot/person.ts';
import type { BotUnderTest } from '../../bot/bot-for-tests.ts';
import { callsOf } from '../../bot/refused.ts';
import { answer, form, prepared, pressed } from '../picture.ts';
import type { Section } from '../picture.ts';

export const TEAMS: Section = [
  'Teams',
  [
    form(
      'create-form',
      'A team is created: what is missing is asked for',
      '/team create acme-web',
      { callbackId: 'create_team' },
    ),
    answer(
      'created',
      'A team was created',
      '/team create acme-web org=acme credits=1k groups=gpt-models',
      'is ready',
    ),
    answer('list', 'Teams of a customer', '/team list org=acme', 'Teams of acme'),
    answer('show', 'One team', '/team show acme-prod', 'Burn rate'),
    {
      name: 'workspace',
      says: 'The same in the local workspace, as it is seen whole',
      take: async ({ room }, name) => room(name, 'C0ACME'),
    },
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
    answer('resumed', 'And ended', '/team resume acme-dev', 'Resumed'),
    pressed(
      'suspended',
      'Suspended, with the way back',
      ['/team suspend globex-test reason="Unpaid invoice"', 'Suspend `globex-test`', 'Suspend'],
      'Suspended',
    ),
    answer(
      'archive',
      'What ends a team for good says so',
      '/team archive globex-test reason="Contract ended"',
      'Archive `globex-test`',
    ),
    {
      name: 'deleted',
      says: 'A team is taken away with its keys',
      shows: ['/team delete'],
      async take({ desk, subject, message }, name) {
        await givenTeam(subject, 'acme-trial', { credits: '0' });
        desk.begin();
        await desk.type('/team delete acme-trial');
        await desk.press(await desk.told('Delete team `acme-trial`'), 'Delete');
        await message(name, await desk.told('is deleted'));
      },
    },
    answer(
      'team-linked',
      'Where a team has its news',
      '/team link acme-dev #acme-prod',
      'News and alerts of `acme-dev`',
    ),
    answer(
      'team-digest',
      'A channel asks for a digest',
      '/team digest acme-prod weekly',
      'gets a *weekly* digest',
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
    prepared(
      'member-role',
      'Somebody became an admin of a team',
      [['/team members acme-prod new=cleo@acme.com', 'cleo@acme.com']],
      ['/team members acme-prod member=cleo@acme.com role=admin', 'from now on'],
    ),
    answer('models', 'What a team may call', '/team models acme-prod', 'gpt-models'),
    {
      name: 'jobs',
      says: 'Jobs of a team',
      shows: ['/team jobs'],
      async take({ desk, subject, message }, name) {
        await jobsOf(subject, 'acme-prod');
        desk.begin();
        await desk.type('/team jobs acme-prod');
        await message(name, await desk.told('Jobs of `acme-prod`'));
      },
    },
    answer('team-usage', 'What a quiet team used', '/team usage globex-dev', 'Usage of globex-dev'),
    answer(
      'no-obstacle',
      'Nothing stands in the way',
      '/team explain globex-dev',
      'Nothing stands in the way',
    ),
    answer(
      'explain',
      'Why calls are refused, and the button that cures it',
      '/team explain acme-empty',
      'is refused at the moment',
    ),
    {
      name: 'explain-call',
      shows: ['/team explain'],
      says: 'What the gate saw of one refused call, by the id that stands in the error',
      async take({ desk, subject, message }, name) {
        const [id] = await callsOf(subject, 'acme-prod', { model: 'claude-sonnet-4-5' });
        desk.begin();
        await desk.type(`/team explain request=${id}`);
        await message(name, await desk.told('acme-prod'));
      },
    },
    answer(
      'show-whole',
      'One team with limits, a budget, people, and a refusal behind it',
      '/team show acme-prod',
      'Burn rate',
    ),
  ],
];

/** One that went well, one that did not, one under way. */
async function jobsOf({ stores }: BotUnderTest, teamId: string): Promise<void> {
  const [key] = await stores.records.keys.ofTeam(teamId);
  const endings = [
    { jobType: 'nightly-summaries', event: 'complete' },
    { jobType: 'import', event: 'fail', errorMessage: 'The file could not be read' },
    { jobType: 'nightly-summaries', event: undefined },
  ] as const;
  for (const { jobType, event, ...rest } of endings) {
    const identity = { ...key, keyId: key?.id ?? '', userId: undefined } as Parameters<
      typeof createJob
    >[1];
    const wish = { jobType, userId: null, metadata: {}, address: '0'.repeat(32) };
    const job = await createJob(stores, identity, wish);
    if (isRefusal(job)) {
      throw new Error(`Begin a job: ${job.refused}`);
    }
    await (event === undefined ? undefined : endJob(stores, job.id, { event, ...rest }));
  }
}
