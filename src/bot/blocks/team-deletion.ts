import type { Team } from '../../core/teams/team.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { cancelButton } from './cancel-button.ts';
import { actions, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { roundedCredits } from './words.ts';

interface Ending {
  readonly team: Pick<Team, 'id' | 'organizationId'>;
  readonly keys: number;
  readonly members: number;
  readonly money: Pick<Money, 'spendable'>;
}

/** Asks before a team ends: keys that were revoked do not come back. */
export function teamQuestion({ team, keys, members, money }: Ending, once: string): Speech {
  const { id, organizationId } = team;
  const ends = `${keys} ${keys === 1 ? 'key is' : 'keys are'} revoked for ever, ${members} ${members === 1 ? 'person leaves' : 'people leave'} it`;
  return sentence(
    mrkdwn`Delete team ${code(id)} of ${code(organizationId)}? Its calls get 403 from the next one on, ${ends}. ${roundedCredits(money.spendable)} stay on its account; ledger, usage and id are kept.`,
    actions(
      runButton('Delete', `/team delete ${id} sure=yes`, { once, style: 'danger' }),
      runButton('Archive instead', `/team archive ${id}`),
      cancelButton(),
    ),
    context(
      mrkdwn`This can't be undone: an archived team can be resumed, a deleted one has no keys any more.`,
    ),
  );
}

export function teamDeletedSpeech(id: string): Speech {
  return sentence(
    mrkdwn`⚪ Team ${code(id)} is deleted. Its ledger and its usage stay on record.`,
    actions(runButton('Show team', `/team show ${id}`)),
  );
}
