import { code, mrkdwn } from '../escape.ts';
import type { HomeTeam } from '../views/home.ts';
import { context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { teamLine } from './team-list.ts';
import { roundedCredits } from './words.ts';

export interface BalancesFacts {
  readonly organizationId: string | undefined;
  /** The neediest first. */
  readonly shown: readonly HomeTeam[];
  /** How many there are. */
  readonly teams: number;
  /** Microcredits of all of them, by the ledger. */
  readonly sum: bigint;
}

/** Who has the least left. */
export function balancesSpeech({ organizationId, shown, teams, sum }: BalancesFacts): Speech {
  const title = organizationId === undefined ? 'Credits' : `Credits of ${organizationId}`;
  const hidden = teams - shown.length;
  return speech(mrkdwn`${title}: ${roundedCredits(sum)} in ${teams} teams`, [
    header(title),
    context(
      mrkdwn`${roundedCredits(sum)} in ${teams} ${teams === 1 ? 'team' : 'teams'}, the neediest first`,
    ),
    ...shown.map(({ team, money }) => teamLine(team, money)),
    ...(shown.length === 0 ? [section(mrkdwn`No teams yet.`)] : []),
    ...(hidden > 0
      ? [context(mrkdwn`… and ${hidden} more; see one with ${code('/credits acme-prod')}`)]
      : []),
  ]);
}
