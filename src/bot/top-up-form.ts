import { refuse } from '../core/refusals.ts';
import type { TopUpValue } from './blocks/top-up-button.ts';
import type { Call } from './call.ts';
import type { Reading } from './commands/definition.ts';
import { readKind } from './commands/kinds.ts';
import { lateSpeech } from './commands/run-late.ts';
import { moneyOf } from './readings.ts';
import { plainRefusal } from './refusal-text.ts';
import { similarTeams, withMeant } from './unknown-team.ts';
import { topUpView } from './views/top-up.ts';
import type { TopUpForm } from './views/top-up.ts';

type Draft = Pick<Reading, 'typed' | 'complaints' | 'stray'>;

/** Shows the form with what is known already. A team that does not exist is asked for again. */
export async function showTopUpForm(
  call: Call,
  { typed, complaints, stray }: Draft,
  reference?: string,
): Promise<void> {
  const { stores } = call.bot;
  const typedTeam = typed['team'] ?? '';
  const asked = readKind('team', typedTeam);
  const team = typeof asked === 'string' ? await stores.records.teams.find(asked) : undefined;
  const money = team === undefined ? undefined : await moneyOf(stores, team);
  const unknown =
    team === undefined && typeof asked === 'string' && typedTeam !== ''
      ? { team: await unknownTeamText(call, asked) }
      : {};
  const form: TopUpForm = {
    team: team?.id,
    spendable: money?.spendable,
    typed,
    complaints: { ...complaints, ...unknown },
    stray,
    reference,
    origin: call.channelId,
  };
  if ((await call.screen.show(topUpView(form))) === 'late') {
    await call.reply(lateSpeech(call));
  }
}

/** That there is no such team, and which were probably meant; as plain text. */
export async function unknownTeamText(call: Call, teamId: string): Promise<string> {
  const said = plainRefusal(refuse('team_unknown', { team: teamId }));
  return withMeant(said, await similarTeams(call, teamId));
}

/** What a button carries, as if it had been typed. */
export function draftFrom(value: TopUpValue): Draft {
  return { typed: { team: value.team }, complaints: {}, stray: [] };
}
