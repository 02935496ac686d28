import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Team } from '../core/teams/team.ts';
import type { Call } from './call.ts';
import { nearest } from '../core/nearest.ts';
import { unknownTeamSpeech } from './replies.ts';
import { sightOf, within } from './sight.ts';

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

/** The teams in sight whose ids are most like this one. */
export async function similarTeams(call: Call, teamId: string): Promise<string[]> {
  const narrowed = within(await sightOf(call));
  const teams = await call.bot.stores.records.teams.list({ ...narrowed, limit: IDS_COMPARED });
  const ids = teams.map((team) => team.id);
  return nearest(teamId, ids, TEAMS_OFFERED);
}

/** `There is no team “acme”. Did you mean “acme-prod”?` */
export function withMeant(said: string, meant: readonly string[]): string {
  const quoted = meant.map((each) => `“${each}”`);
  return quoted.length === 0 ? said : `${said} Did you mean ${quoted.join(' or ')}?`;
}

/**
 * The team of this id; undefined after the person was told that there is none. The buttons run what was asked
 * with the team that was probably meant in its place.
 */
export async function teamMeant(call: Call, id: string | undefined): Promise<Team | undefined> {
  const teamId = id ?? '';
  const found = await call.bot.stores.records.teams.find(teamId);
  if (found === undefined) {
    const again = (meant: string): string => withName(call.text, teamId, meant);
    await tellUnknownTeam(call, refuse('team_unknown', { team: teamId }), teamId, again);
  }
  return found;
}

/** The command as it was typed, with another name in the place of one. */
export function withName(text: string, name: string, meant: string): string {
  const words = text.split(/(\s+|=)/);
  const at = words.findIndex((word, place) => place > 0 && word === name);
  return at === -1 ? text : [...words.slice(0, at), meant, ...words.slice(at + 1)].join('');
}
