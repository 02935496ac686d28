import { answer, prepared } from '../picture.ts';
import type { Section } from '../picture.ts';

export const CUSTOMERS: Section = [
  'Customers',
  [
    answer(
      'org-created',
      'A customer without a team yet',
      '/org create umbrella name="Umbrella Health" zone=Europe/Berlin',
      'Umbrella Health',
    ),
    answer('organizations', 'All customers', '/org list', 'acme'),
    answer('organization', 'A customer', '/org show acme', 'acme'),
    answer(
      'org-set',
      'What holds for all of its teams',
      '/org set umbrella zone=Europe/Paris',
      'Europe/Paris',
    ),
    answer(
      'org-models',
      'Which models its teams may have at most',
      '/org models globex only=gpt-models',
      'Changed, from the next call on',
    ),
    answer(
      'org-limits',
      'Limits of all teams together',
      '/org limits globex requests=9k parallel=50',
      'Requests a minute',
    ),
    answer(
      'org-limits-end-user',
      'Limits of one end user, whom the programs of a customer call for',
      '/org limits globex enduser=customer-7 requests=60',
      'customer-7',
    ),
    answer(
      'org-budget',
      'A budget of all teams together',
      '/org budget globex max=$5k every=30d',
      'Monthly budget',
    ),
    answer('org-usage', 'Usage of a customer', '/org usage acme', 'Usage of acme'),
    answer('org-linked', 'Where it has its news', '/org link umbrella #general', '<#C0GENERAL>'),
    answer('org-digest', 'And its digest', '/org digest acme monthly', 'gets a *monthly* digest'),
    prepared(
      'people',
      'People of a customer',
      [['/org members acme new=bob@acme.com name="Bob Lee" role=admin', 'bob@acme.com']],
      ['/org members acme', '*People of*'],
    ),
    answer(
      'org-suspend',
      'All teams of a customer at once',
      '/org suspend globex reason="Unpaid invoice"',
      'Suspend `globex`',
    ),
    answer('org-paused', 'Paused', '/org pause globex until=2h', 'Paused: `globex`'),
    answer('org-resumed', 'And resumed', '/org resume globex', 'Resumed: `globex`'),
    answer(
      'org-archive',
      'The end of a customer',
      '/org archive umbrella reason="Contract ended"',
      'Archive `umbrella`',
    ),
  ],
];
