import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { setOrganizationStatus } from '../../core/organizations/set-status.ts';
import type { Action } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Standing, Status, StatusChange } from '../../core/status.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { organizationInPath, teamInPath } from '../target.ts';
import type { FindRows } from '../target.ts';
import { complaintAboutReason, EXACT_MOMENT, teamOf } from './fields.ts';
import { organizationOf } from './organizations.ts';
import { spokenUntil } from './standing.ts';
import { ORGANIZATION_STATUS_SET, TEAM_STATUS_SET } from './answers/teams.ts';
import type { Told } from '../told.ts';
import type { Versioned } from '../versions.ts';

const BODY = z
  .strictObject({ reason: z.string().nullish(), until: EXACT_MOMENT.nullish() })
  .nullish();

interface Set {
  readonly standing: Standing;
  readonly changed: boolean;
}

type StatusSet = Told<typeof TEAM_STATUS_SET> | Told<typeof ORGANIZATION_STATUS_SET>;
type Named = { readonly team_id: string } | { readonly organization_id: string };

/** Whose status is set, and how this dialect names it. */
interface Subject {
  readonly title: string;
  readonly versioned: Versioned;
  readonly told: z.ZodType<StatusSet>;
  named(id: string): Named;
  readonly action: Action;
  readonly target: FindRows<unknown, unknown>;
  set(stores: Stores, actor: Actor, id: string, change: StatusChange): Promise<Set | Refusal>;
}

const TEAM: Subject = {
  title: 'Team',
  versioned: 'team',
  told: TEAM_STATUS_SET,
  named: (id) => ({ team_id: id }),
  action: 'team.status',
  target: teamInPath,
  async set(stores, actor, id, change) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const set = await setTeamStatus(stores, actor, { ...change, teamId: id });
    return isRefusal(set) ? set : { standing: set.team, changed: set.changed };
  },
};

const ORGANIZATION: Subject = {
  title: 'Organization',
  versioned: 'organization',
  told: ORGANIZATION_STATUS_SET,
  named: (id) => ({ organization_id: id }),
  action: 'organization.change',
  target: organizationInPath,
  async set(stores, actor, id, change) {
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const set = await setOrganizationStatus(stores, actor, { ...change, organizationId: id });
    return isRefusal(set) ? set : { standing: set.organization, changed: set.changed };
  },
};

/** Suspends, pauses, archives or resumes. A repetition changes nothing and is no mistake. */
function statusEndpoint(subject: Subject, status: Status, verb: string): Endpoint {
  const { title, told, named, action, target, versioned, set } = subject;
  return endpoint({
    isOwn: status === 'archived' || status === 'paused',
    summary: `${title}: ${verb}`,
    action,
    target,
    versioned,
    body: BODY,
    query: NO_QUERY,
    answer: told,
    async handle({ stores, actor, id, body }) {
      const reason = body?.reason ?? undefined;
      const complaint = complaintAboutReason(reason);
      if (complaint !== undefined) {
        return complaint;
      }
      const until = typeof body?.until === 'string' ? new Date(body.until) : undefined;
      const done = await set(stores, actor, id, {
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until }),
      });
      return isRefusal(done)
        ? done
        : {
            ...named(id),
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
