import { organizationCard, TEAMS_READ } from '../../blocks/organization.ts';
import type { Call } from '../../call.ts';
import { readCeilings } from '../../../core/ceilings/read-ceilings.ts';
import type { Organization } from '../../../core/organizations/organization.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const show = subcommand({
  name: 'show',
  says: 'Shows status, time zone, teams, limits and budgets of an organization.',
  role: 'viewer',
  arguments: [ORGANIZATION],
  examples: ['show acme'],
  async run(call, { values: { org = '' } }) {
    const organization = await organizationOf(call, org, (id) => `/org show ${id}`);
    if (organization !== undefined) {
      await showOrganization(call, organization);
    }
  },
});

/** Tells how an organization stands. */
export async function showOrganization(
  call: Call,
  organization: Organization,
  done?: 'made' | 'changed',
): Promise<void> {
  const { stores } = call.bot;
  const { id } = organization;
  const reading = await readCeilings(stores, { kind: 'organization', organizationId: id });
  const teams = await stores.records.teams.list({ organizationId: id, limit: TEAMS_READ });
  await call.reply(
    isRefusal(reading)
      ? refusalSpeech(reading)
      : organizationCard({ organization, teams: teams.map((team) => team.id), reading, done }),
  );
}
