import type { Organization } from '../core/organizations/organization.ts';
import { refuse } from '../core/refusals.ts';
import type { Call } from './call.ts';
import { nearest } from '../core/nearest.ts';
import { unknownTeamSpeech } from './replies.ts';

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
    const ids = (await organizations.list()).map((each) => each.id);
    const refusal = refuse('organization_unknown', { organization: id });
    const meant = nearest(id, ids, OFFERED);
    await call.reply(unknownTeamSpeech(refusal, meant, commandFor, call.onceId));
  }
  return found;
}
