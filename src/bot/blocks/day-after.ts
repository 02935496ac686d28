import type { Organization } from '../../core/organizations/organization.ts';
import type { Team } from '../../core/teams/team.ts';
import type { SeenUse } from '../../core/usage/burn.ts';
import { mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { RefusedSum } from '../readings.ts';
import { count } from './ceilings-words.ts';
import { context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { reasonWords } from './refused-words.ts';
import { runButton } from './run-button.ts';
import { moment, roundedCredits } from './words.ts';

export interface DayAfterTeam {
  readonly team: Team;
  readonly use: SeenUse;
  readonly refusals: readonly RefusedSum[];
}

/** A day after a customer was onboarded: has it called? */
export function dayAfterSpeech(organization: Organization, teams: readonly DayAfterTeam[]): Speech {
  const called = teams.filter(({ use }) => use.calls > 0n);
  const said =
    called.length === 0
      ? mrkdwn`👀 ${organization.name} has not made a call yet`
      : mrkdwn`✅ ${organization.name} has made its first call`;
  return speech(said, [
    header(
      called.length === 0 ? `${organization.name}: no call yet` : `${organization.name} is calling`,
    ),
    ...teams.map((each) => section(teamText(each), nextStep(each))),
    context(mrkdwn`Onboarded ${moment(organization.createdAt)}.`),
  ]);
}

function teamText({ team, use, refusals }: DayAfterTeam): Mrkdwn {
  const refused = refusals.reduce((sum, { calls }) => sum + calls, 0);
  const [most] = refusals;
  const no =
    most === undefined
      ? mrkdwn``
      : mrkdwn`\n${count(refused)} refused, mostly for: ${reasonWords(most.code)}`;
  const yes =
    use.first === null
      ? mrkdwn`no call yet`
      : mrkdwn`${count(Number(use.calls))} ${use.calls === 1n ? 'call' : 'calls'}, ${roundedCredits(use.charged)}; the first ${moment(use.first)}`;
  return mrkdwn`*${team.id}*  ${use.first === null ? '⏳' : '✅'}  ${yes}${no}`;
}

/** What one would do next: see why, make another link, or look at it. */
function nextStep({ team, use, refusals }: DayAfterTeam) {
  if (refusals.length > 0) {
    return runButton('Explain', `/team explain ${team.id}`);
  }
  return use.first === null
    ? runButton('Keys', `/team key list ${team.id}`)
    : runButton('Usage', `/team usage ${team.id}`);
}
