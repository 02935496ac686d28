import { isRepeated } from '../../../core/change.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { creditsToText } from '../../../core/money.ts';
import { complaintOf } from '../../arguments-form.ts';
import { refusalSpeech } from '../../replies.ts';
import { tellToppedUp, topUpFrom } from '../../topping-up.ts';
import { showTopUpForm } from '../../top-up-form.ts';
import type { TopUpValues } from '../../topping-up.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { isComplete, subcommand } from '../definition.ts';
import type { Subcommand } from '../definition.ts';
import { quoted } from '../words.ts';
import { TEAM } from './team-argument.ts';

export const topup: Subcommand = subcommand({
  name: 'topup',
  says: 'Adds credits to a team. They can be spent at once.',
  role: 'manager',
  form: 'Top up',
  arguments: [
    TEAM,
    {
      name: 'credits',
      kind: 'credits',
      positional: true,
      required: true,
      example: '500',
      says: 'how many to add; 5k is 5,000',
    },
    {
      name: 'reason',
      kind: 'text',
      required: true,
      example: 'reason="Invoice 2026-114"',
      says: 'why; stands in the ledger for ever',
    },
  ],
  examples: ['topup acme-prod 500 reason="Invoice 2026-114"'],
  async run(call, reading) {
    if (!isComplete(reading)) {
      await showTopUpForm(call, reading);
      return;
    }
    // Complete: every required argument is there.
    const values = reading.values as TopUpValues;
    const posted = await topUpFrom(call, values, `slack:${call.onceId}`);
    if (isRepeated(posted)) {
      return;
    }
    if (!isRefusal(posted)) {
      await tellToppedUp(call, values.team, posted);
      return;
    }
    if (posted.refused === 'team_unknown') {
      await tellUnknownTeam(call, posted, values.team, (id) => again(values, id));
      return;
    }
    const complaints = complaintOf(topup, posted);
    await (Object.keys(complaints).length === 0
      ? call.reply(refusalSpeech(posted))
      : showTopUpForm(call, { ...reading, complaints }));
  },
});

/** The same for another team. */
function again({ credits, reason }: TopUpValues, teamId: string): string {
  return `/team topup ${teamId} ${creditsToText(credits)} reason=${quoted(reason)}`;
}
