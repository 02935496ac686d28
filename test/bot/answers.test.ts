// Whoever changed something sees it at the first glance: each such answer begins with the same sign, or with that of the
// state it led to; and so does what a notification says.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/core/keys/create-key.ts';
import { APPROVER, MANAGER, ROLES, startBot } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { givenTeam } from './person.ts';

const DONE = /^(?:✅|🔴|🟡|🟢|⚪)/u;

let subject: BotUnderTest;
let desk: Desk;

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [APPROVER] } });
  desk = createDesk(subject);
  await givenTeam(subject, 'acme-prod');
  const key = { name: '9bdd', expiresAt: null, teamId: 'acme-prod' };
  await createKey(subject.stores, { id: 'api:admin', door: 'api' }, key);
});
afterEach(async () => desk.closeForms());
afterAll(async () => subject.close());

test.each([
  '/org create globex name=Globex',
  '/org set globex zone=Europe/Berlin',
  '/org alerts globex thresholds=40',
  '/org link globex',
  '/org limits globex requests=50',
  '/org models globex only=gpt-models',
  '/org members acme new=ann@acme.com',
  '/org members acme person=ann@acme.com name="Ann Lee"',
  '/org pause globex',
  '/org resume globex',
  '/org digest acme weekly',
  '/team create acme-dev org=acme credits=5 groups=gpt-models',
  '/team topup acme-dev 5 reason=x',
  '/team edit acme-dev alias=Dev',
  '/team link acme-dev',
  '/team models acme-dev add=claude-models',
  '/team limits acme-dev requests=10',
  '/team budget acme-dev max=$5 every=30d',
  '/team members acme-dev add=ann@acme.com',
  '/team members acme-dev member=ann@acme.com role=admin',
  '/team members acme-dev may=key.create',
  '/team members acme-dev remove=ann@acme.com',
  '/team alerts acme-dev thresholds=50',
  '/team digest acme-dev daily',
  '/team credits grant acme-dev 5 reason=x',
  '/team credits deduct acme-dev 1 reason=x sure=yes',
  '/team credits policy acme-dev soft overdraft=1',
  '/team credits refill acme-dev 5 every=monthly max=10',
  '/team key new acme-prod name=ci',
  '/team key edit acme-prod 9bdd name=9bdd tags=ci',
  '/team key block acme-prod 9bdd',
  '/team key unblock acme-prod 9bdd',
  '/team key rotate acme-prod 9bdd',
  '/team key revoke acme-prod ci sure=yes',
  '/team pause acme-dev',
  '/team resume acme-dev',
  '/team delete acme-dev sure=yes',
  '/models new fast provider=openai upstream=gpt-4o-mini',
  '/models edit fast title=Fast',
  '/models delete fast sure=yes',
  '/models group new mini-models models=gpt-4o-mini',
  '/models group edit mini-models add=gpt-4.1',
  '/models group delete mini-models sure=yes',
])('%s', async (text) => {
  const since = (Date.now() / 1_000).toFixed(6);
  await desk.type(text);
  await subject.idle();
  const [said] = desk
    .seen(MANAGER)
    .filter((each) => each.stamp > since && each.ephemeralFor === MANAGER);
  expect(said?.text).toMatch(DONE);
  expect(firstWords(said?.blocks)).toMatch(DONE);
});

/** What the eye meets first. */
function firstWords(blocks: unknown): string {
  const [first] = blocks as { text?: { text: string } }[];
  return first?.text?.text ?? '';
}
