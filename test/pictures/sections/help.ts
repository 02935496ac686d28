import { DAY_MS } from '../../../src/core/time.ts';
import { VIEWER } from '../../bot/bot-for-tests.ts';
import { answer, form } from '../picture.ts';
import type { Section } from '../picture.ts';

export const HELP: Section = [
  'Help and slips',
  [
    answer('commands', 'What there is', '/quartermaster help', 'Each command explains itself'),
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
    form(
      'refused',
      'What is refused stands beside its field, with the cure',
      '/team credits refund acme-prod 17 reason="Cut off"',
    ),
    answer('no-role', 'Who may not', '/team topup acme-prod 5 reason=x', 'needs the role', VIEWER),
    {
      name: 'old-button',
      says: 'A button of last week changes nothing before it is asked anew',
      async take({ desk, later, message }, name) {
        desk.begin();
        await desk.type('/team credits deduct acme-dev 5 reason="Booked twice"');
        const question = await desk.told('Deduct *5 credits*');
        await later(9 * DAY_MS, async () => {
          await desk.press(question, 'Deduct');
          await message(name, await desk.told('This button is from'));
        });
      },
    },
  ],
];
