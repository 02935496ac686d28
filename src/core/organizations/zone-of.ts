import type { Subject } from '../ceilings/subject.ts';
import type { Records } from '../stores.ts';
import { DEFAULT_TIME_ZONE } from '../time-zone.ts';

/** The zone in which the days of a team or an organization begin. */
export async function timeZoneOf(
  records: Pick<Records, 'teams' | 'organizations'>,
  subject: Extract<Subject, { kind: 'team' | 'organization' }>,
): Promise<string> {
  const id =
    subject.kind === 'organization'
      ? subject.organizationId
      : (await records.teams.find(subject.teamId))?.organizationId;
  const organization = id === undefined ? undefined : await records.organizations.find(id);
  return organization?.timeZone ?? DEFAULT_TIME_ZONE;
}
