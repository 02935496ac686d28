import type { Organization } from '../core/organizations/organization.ts';
import { refuse } from '../core/refusals.ts';
import type { Call } from './call.ts';
import { nearest } from '../core/nearest.ts';
import { unknownTeamSpeech } from './replies.ts';
import { isSeen, sightOf } from './sight.ts';

const OFFERED = 3;

/** The organization of this id; undefined after the person was told that there is none, and what was meant. */
export async function organizationOf(
  call: Call,
  id: string,
  commandFor: (id: string) => string,
): Promise<Organization | undefined> {
  const { organizations } = call.bot.stores.records;
  const found = await organizations.find(id);
  if (found === undefined) {
    const refusal = refuse('organization_unknown', { organization: id });
    const meant = await similarOrganizations(call, id);
    await call.reply(unknownTeamSpeech(refusal, meant, commandFor, call.onceId));
  }
  return found;
}

/** Those in sight whose ids are most like this one. */
export async function similarOrganizations(call: Call, id: string): Promise<string[]> {
  const known = (await organizationsInSight(call)).map((each) => each.id);
  return nearest(id, known, OFFERED);
}

/** Those of which this person may know. */
export async function organizationsInSight(call: Call): Promise<Organization[]> {
  const [all, sight] = await Promise.all([
    call.bot.stores.records.organizations.list(),
    sightOf(call),
  ]);
  return all.filter(({ id }) => isSeen(sight, id));
}
