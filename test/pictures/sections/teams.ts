import { callsOf } from '../../bot/refused.ts';
import { answer, form, prepared } from '../picture.ts';
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
    prepared(
      'member-role',
      'Somebody became an admin of a team',
      [['/team members acme-prod new=cleo@acme.com', 'cleo@acme.com']],
      ['/team members acme-prod member=cleo@acme.com role=admin', 'from now on'],
    ),
    answer('models', 'What a team may call', '/team models acme-prod', 'gpt-models'),
    answer(
      'explain',
      'Why calls are refused, and the button that cures it',
      '/team explain acme-empty',
      'is refused at the moment',
    ),
    {
      name: 'explain-call',
      says: 'What the gate saw of one refused call, by the id that stands in the error',
      async take({ desk, subject, message }, name) {
        const [id] = await callsOf(subject, 'acme-prod', { model: 'claude-sonnet-4-5' });
        desk.begin();
        await desk.type(`/team explain request=${id}`);
        await message(name, await desk.told('acme-prod'));
      },
    },
  ],
];
