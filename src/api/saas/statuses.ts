import { z } from 'zod';
import { setOrganizationStatus } from '../../core/organizations/set-status.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Standing, Status, StatusChange } from '../../core/status.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { ADMIN, complaintAboutReason, teamOf } from './fields.ts';
import { organizationOf } from './organizations.ts';
import { spokenUntil } from './standing.ts';

const BODY = z
  .strictObject({ reason: z.string().nullish(), until: z.iso.datetime({ offset: true }).nullish() })
  .nullish();

interface Set {
  readonly standing: Standing;
  readonly changed: boolean;
}

/** Whose status is set, and how this dialect names it. */
interface Subject {
  readonly field: string;
  readonly title: string;
  set(stores: Stores, id: string, change: StatusChange): Promise<Set | Refusal>;
}

const TEAM: Subject = {
  field: 'team_id',
  title: 'Team',
  async set(stores, id, change) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const set = await setTeamStatus(stores, ADMIN, { ...change, teamId: id });
    return isRefusal(set) ? set : { standing: set.team, changed: set.changed };
  },
};

const ORGANIZATION: Subject = {
  field: 'organization_id',
  title: 'Organization',
  async set(stores, id, change) {
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const set = await setOrganizationStatus(stores, ADMIN, { ...change, organizationId: id });
    return isRefusal(set) ? set : { standing: set.organization, changed: set.changed };
  },
};

/** Suspends, pauses, archives or resumes. A repetition changes nothing and is no mistake. */
function statusEndpoint({ field, title, set }: Subject, status: Status, verb: string): Endpoint {
  return endpoint({
    body: BODY,
    query: NO_QUERY,
    async handle({ stores, id, body }) {
      const reason = body?.reason ?? undefined;
      const complaint = complaintAboutReason(reason);
      if (complaint !== undefined) {
        return complaint;
      }
      const until = typeof body?.until === 'string' ? new Date(body.until) : undefined;
      const done = await set(stores, id, {
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until }),
      });
      return isRefusal(done)
        ? done
        : {
            [field]: id,
            status,
            ...spokenUntil(done.standing),
            message: `${title} '${id}' has been ${verb}`,
            changed: done.changed,
          };
    },
  });
}

interface StatusEndpoints {
  readonly suspend: Endpoint;
  readonly pause: Endpoint;
  readonly archive: Endpoint;
  readonly resume: Endpoint;
}

function statusEndpoints(subject: Subject): StatusEndpoints {
  return {
    suspend: statusEndpoint(subject, 'suspended', 'suspended'),
    pause: statusEndpoint(subject, 'paused', 'paused'),
    archive: statusEndpoint(subject, 'archived', 'archived'),
    resume: statusEndpoint(subject, 'active', 'resumed'),
  };
}

export const teamStatus = statusEndpoints(TEAM);
export const organizationStatus = statusEndpoints(ORGANIZATION);
