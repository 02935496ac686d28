import type { CreditEntry } from '../../core/credits/entry.ts';
import type { Team } from '../../core/teams/team.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { balanceBlock } from './balance.ts';
import { actions, context, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { undoButton } from './undo.ts';
import { credits, roundedCredits, moment, person } from './words.ts';

/** For the person who topped up. */
export function toppedUpSpeech(team: Team, entry: CreditEntry, money: Money): Speech {
  const said = mrkdwn`✅ Added ${credits(entry.amount)} to ${code(team.id)}: now ${roundedCredits(money.spendable)} spendable.`;
  const resume = runButton('Resume', `/team resume ${team.id}`, { style: 'primary' });
  return speech(said, [
    section(said),
    balanceBlock(money),
    context(...notes(team, entry, money)),
    actions(
      ...(team.status === 'active' ? [] : [resume]),
      runButton('Show team', `/team show ${team.id}`),
      undoButton({ team: team.id, reference: entry.reference }),
    ),
  ]);
}

function notes(team: Team, entry: CreditEntry, money: Money) {
  return [
    mrkdwn`Reason: ${entry.reason}`,
    ...(money.reserved === undefined
      ? [
          mrkdwn`⚠️ The gate can't be asked at the moment; it takes the credits over when it is back.`,
        ]
      : []),
    ...(team.status === 'active'
      ? []
      : [mrkdwn`⚠️ The team is ${team.status}: its calls get 403.`]),
  ];
}

/** For the second of two people who did the same. */
export function alreadyToppedUp(team: Team, entry: CreditEntry, money: Money): Speech {
  return sentence(
    mrkdwn`${person(entry.actor)} was first: ${credits(entry.amount)} were added to ${code(team.id)} (${moment(entry.createdAt)}). *Nothing was added now*; it has ${roundedCredits(money.spendable)}.`,
    context(mrkdwn`For more still, use ${code(`/team topup ${team.id}`)}.`),
  );
}
