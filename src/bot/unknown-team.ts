import type { Refusal } from '../core/refusals.ts';
import type { Call } from './call.ts';
import { nearest } from './nearest.ts';
import { unknownTeamSpeech } from './replies.ts';

/** Looking through more for a slip of the finger is not worth the wait. */
const IDS_COMPARED = 2_000;
const TEAMS_OFFERED = 3;

/** Tells that there is no such team, with those that were probably meant as buttons. */
export async function tellUnknownTeam(
  call: Call,
  refusal: Refusal,
  teamId: string,
  commandFor: (teamId: string) => string,
): Promise<void> {
  const meant = await similarTeams(call, teamId);
  await call.reply(unknownTeamSpeech(refusal, meant, commandFor, call.onceId));
}

/** The teams whose ids are most like this one. */
export async function similarTeams(call: Call, teamId: string): Promise<string[]> {
  const teams = await call.bot.stores.records.teams.list({ limit: IDS_COMPARED });
  const ids = teams.map((team) => team.id);
  return nearest(teamId, ids, TEAMS_OFFERED);
}
