import type { AlertRecords } from '../../core/alerts/alert-records.ts';
import type { AlertEpisode, AlertFacts, AlertKind, Severity } from '../../core/alerts/episode.ts';
import type { AlertPolicy } from '../../core/alerts/policy.ts';
import type { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import { findingsIn } from './alert-findings.ts';
import type { Findings } from './alert-findings.ts';
import type { PostgresScope } from './client.ts';

export function alertsIn(scope: PostgresScope): AlertRecords {
  return { ...episodesIn(scope), ...policiesIn(scope), ...findingsIn(scope) };
}

function episodesIn(scope: PostgresScope): Omit<AlertRecords, Findings | Policies> {
  const find = async (id: string): Promise<AlertEpisode | undefined> => {
    const row = await scope.alertEpisode.findUnique({ where: { id } });
    return row === null ? undefined : episodeFrom(row);
  };
  /** Whoever is first changes it; the others find that it does not fit any more. */
  const changed = async (
    id: string,
    where: Prisma.AlertEpisodeWhereInput,
    data: Prisma.AlertEpisodeUpdateManyMutationInput,
  ): Promise<AlertEpisode | undefined> => {
    const open = { ...where, id, closedAt: null };
    return (await scope.alertEpisode.updateMany({ where: open, data })).count === 1
      ? find(id)
      : undefined;
  };
  return {
    find,
    openOf: async (teamId) =>
      (await scope.alertEpisode.findMany({ where: { teamId, closedAt: null } })).map(episodeFrom),
    openIn: async (organizationId) =>
      (await scope.alertEpisode.findMany({ where: { organizationId, closedAt: null } })).map(
        episodeFrom,
      ),
    openOfKind: async (kind) =>
      (await scope.alertEpisode.findMany({ where: { kind, closedAt: null } })).map(episodeFrom),
    async open({ facts, places, ...episode }) {
      const data = { ...episode, facts: { ...facts }, places: [...places] };
      const { count } = await scope.alertEpisode.createMany({ data, skipDuplicates: true });
      return count === 0 ? undefined : find(episode.id);
    },
    changeStage: async (id, from, { stage, severity, facts, places, endsSilence }) => {
      const silence = endsSilence ? { snoozedUntil: null, snoozedBy: null } : {};
      const data = { stage, severity, facts: { ...facts }, places: [...places], ...silence };
      return changed(id, { stage: from }, data);
    },
    close: async (id, at, facts) =>
      changed(id, {}, { closedAt: at, ...(facts === undefined ? {} : { facts: { ...facts } }) }),
    see: async (id, actor, at) => changed(id, { seenBy: null }, { seenBy: actor, seenAt: at }),
    unsee: async (id) => changed(id, { seenBy: { not: null } }, { seenBy: null, seenAt: null }),
    snooze: async (id, { actor, at, until }) =>
      changed(
        id,
        { OR: [{ snoozedUntil: null }, { snoozedUntil: { lte: at } }] },
        { snoozedUntil: until, snoozedBy: actor },
      ),
    wake: async (id, at) =>
      changed(id, { snoozedUntil: { gt: at } }, { snoozedUntil: null, snoozedBy: null }),
  };
}

type Policies = 'policy' | 'organizationPolicy' | 'policies' | 'choosePolicy';

function policiesIn(scope: PostgresScope): Pick<AlertRecords, Policies> {
  return {
    policy: async (teamId) => {
      const [row] = await scope.$queryRaw<{ policy: unknown }[]>`
        SELECT coalesce(o.policy, '{}') || coalesce(p.policy, '{}') AS policy FROM teams t
        LEFT JOIN organization_alert_policies o ON o.organization_id = t.organization_id
        LEFT JOIN alert_policies p ON p.team_id = t.id WHERE t.id = ${teamId}`;
      return policyFrom(row?.policy ?? {});
    },
    organizationPolicy: async (organizationId) => {
      const row = await scope.organizationAlertPolicy.findUnique({ where: { organizationId } });
      return policyFrom(row?.policy ?? {});
    },
    async policies() {
      const [teams, organizations] = await Promise.all([
        scope.alertPolicy.findMany(),
        scope.organizationAlertPolicy.findMany(),
      ]);
      return {
        ofTeams: new Map(teams.map((row) => [row.teamId, policyFrom(row.policy)])),
        ofOrganizations: new Map(
          organizations.map((row) => [row.organizationId, policyFrom(row.policy)]),
        ),
      };
    },
    async choosePolicy(subject, change) {
      const chosen = change as unknown as Prisma.InputJsonObject;
      if (subject.kind === 'team') {
        await scope.$executeRaw`
          INSERT INTO alert_policies (team_id, policy) VALUES (${subject.teamId}, ${chosen}::jsonb)
          ON CONFLICT (team_id) DO UPDATE SET policy = alert_policies.policy || excluded.policy`;
      } else {
        await scope.$executeRaw`
          INSERT INTO organization_alert_policies (organization_id, policy)
          VALUES (${subject.organizationId}, ${chosen}::jsonb)
          ON CONFLICT (organization_id)
            DO UPDATE SET policy = organization_alert_policies.policy || excluded.policy`;
      }
    },
  };
}

/** Only choosePolicy writes it, if perhaps before a field came to it. */
function policyFrom(policy: unknown): Partial<AlertPolicy> {
  return policy as Partial<AlertPolicy>;
}

function episodeFrom(row: rows.AlertEpisode): AlertEpisode {
  return {
    ...row,
    kind: row.kind as AlertKind,
    severity: row.severity as Severity,
    facts: row.facts as AlertFacts,
  };
}
