import { refuse } from '../core/refusals.ts';
import type { Call } from './call.ts';
import { refusalSpeech } from './replies.ts';
import { organizationOf } from './unknown-organization.ts';
import { withName } from './unknown-team.ts';

/** Who named a team and an organization, where one of them is meant, is asked which. */
export async function askWhichOfBoth(call: Call, organizationId: string): Promise<void> {
  const again = (meant: string): string => withName(call.text, organizationId, meant);
  if ((await organizationOf(call, organizationId, again)) !== undefined) {
    const complaint = 'a team is named, too; name the one or the other';
    await call.reply(refusalSpeech(refuse('value_invalid', { field: 'org', complaint })));
  }
}
