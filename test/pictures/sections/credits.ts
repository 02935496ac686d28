import { topUp } from '../../../src/core/credits/top-up.ts';
import { MANAGER } from '../../bot/bot-for-tests.ts';
import { givenTeam } from '../../bot/person.ts';
import { answer, form, pressed } from '../picture.ts';
import type { Section } from '../picture.ts';

/** Three pages of a ledger. */
const ENTRIES = 52;

export const CREDITS: Section = [
  'Credits',
  [
    form('topup-form', 'Topping up', '/team topup acme-prod', { callbackId: 'top_up' }),
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
    pressed(
      'deducted',
      'And done',
      ['/team credits deduct acme-prod 25 reason="Booked twice"', 'Deduct *25 credits*', 'Deduct'],
      '25 credits deducted',
    ),
    answer(
      'credits',
      'Grants, policy and latest entries',
      '/team credits acme-prod',
      'Grants, in the order',
    ),
    answer('history', 'The ledger of a team', '/team credits history acme-prod', 'acme-prod'),
    {
      name: 'older',
      says: 'The foot of a page of a long ledger, with the way to newer and older entries',
      async take({ desk, subject, foot }, name) {
        await givenTeam(subject, 'acme-shop', { accessGroups: [] });
        const actor = { id: `slack:${MANAGER}`, door: 'slack' } as const;
        for (let invoice = 1; invoice <= ENTRIES; invoice += 1) {
          const reason = `Invoice 2026-${invoice}`;
          const amount = 50_000_000n + BigInt(invoice) * 1_000_000n;
          const wish = { teamId: 'acme-shop', amount, reason, reference: `shop:${invoice}` };
          await topUp(subject.stores, actor, wish);
        }
        desk.begin();
        await desk.type('/team credits history acme-shop');
        await desk.press(await desk.told('acme-shop'), 'Older');
        await foot(name, await desk.told('Newer'));
      },
    },
    answer('neediest', 'All teams, the neediest first', '/credits', 'the neediest first'),
    answer(
      'dollars',
      'Dollars are read as credits, by the rate of the team',
      '/team topup acme-dev $20 reason="Invoice 2026-116"',
      'Added 200 credits',
    ),
    answer(
      'grant',
      'Credits that end one day',
      '/team credits grant acme-dev 250 expires=90d reason="Pilot of the autumn"',
      'credits granted',
    ),
    pressed(
      'transfer',
      'Credits went from one team to another',
      [
        '/team credits transfer acme-prod 100 to=acme-dev reason="Load test"',
        'Transfer *100 credits*',
        'Transfer',
      ],
      '100 credits transferred',
    ),
    answer(
      'credit-policy',
      'What happens at 0',
      '/team credits policy acme-dev soft overdraft=100',
      'calls go on down to',
    ),
    answer(
      'refill',
      'Credits that come by themselves',
      '/team credits refill acme-dev 500 every=monthly',
      '500 credits monthly',
    ),
    {
      name: 'refund',
      says: 'A call is given back',
      shows: ['/team credits refund'],
      async take({ desk, subject, message }, name) {
        const where = { teamId: 'acme-prod', outcome: 'completed', model: 'gpt-4o' };
        const { id } = await subject.postgres.usageEvent.findFirstOrThrow({ where });
        desk.begin();
        await desk.type(`/team credits refund acme-prod ${id} reason="Cut off in the middle"`);
        await message(name, await desk.told('refunded'));
      },
    },
  ],
];
