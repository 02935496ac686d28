// Reconciles many subjects, one after the other: all teams, and whatever else has ceilings.

import type { Subject } from '../core/ceilings/subject.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { ProjectionSource } from './gate/source.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';
import { reconcile } from './reconcile.ts';
import type { Drift } from './reconcile.ts';

/** Which subjects are compared; all of them where nothing is named. */
export interface ReconcileScope {
  readonly teamId?: string;
  readonly organizationId?: string;
}

export interface Reconciled {
  /** Subjects that the gate holds and that were compared. */
  readonly compared: number;
  readonly drifts: readonly Drift[];
}

/** A page is one query; each of its subjects holds its shard's lock for about a millisecond. */
const PAGE = 500;

interface SubjectRow {
  readonly place: string;
  readonly kind: Subject['kind'];
  readonly organization_id: string;
  readonly one: string;
  readonly other: string;
}

/**
 * Compares gate and records. With `repair` the gate builds what differs anew from the records, and what
 * differs then is told again. `onPage` is told how many subjects were looked at so far.
 */
export async function reconcileAll(
  parts: {
    readonly gate: RedisGate;
    readonly source: ProjectionSource;
    readonly postgres: PrismaClient;
  },
  scope: ReconcileScope,
  options: { readonly repair: boolean; readonly onPage?: (looked: number) => void },
): Promise<Reconciled> {
  const { gate, source } = parts;
  const drifts: Drift[] = [];
  let [compared, looked, after] = [0, 0, ''];
  for (;;) {
    const rows = await subjectsAfter(parts.postgres, scope, after);
    for (const row of rows) {
      const subject = subjectFrom(row);
      const found = await reconcile(gate, source, subject, row.organization_id);
      compared += found === undefined ? 0 : 1;
      drifts.push(...(found ?? []));
      if (options.repair && found !== undefined && found.length > 0) {
        await gate.recount(subject, row.organization_id);
      }
    }
    looked += rows.length;
    options.onPage?.(looked);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) {
      return { compared, drifts };
    }
    after = last.place;
  }
}

async function subjectsAfter(
  postgres: PrismaClient,
  { teamId, organizationId }: ReconcileScope,
  after: string,
): Promise<SubjectRow[]> {
  return reached(
    'Listing what is to be reconciled',
    postgres.$queryRaw<SubjectRow[]>`
      SELECT * FROM (
        SELECT 'team ' || id AS place, 'team' AS kind, organization_id, id AS team_id, id AS one, '' AS other
          FROM teams
        UNION ALL SELECT 'key ' || id, 'key', organization_id, team_id, id, '' FROM virtual_keys
          WHERE ceilings <> '{}'
        UNION ALL SELECT 'member ' || team_id || ' ' || user_id, 'member', organization_id, team_id, team_id, user_id
          FROM members WHERE ceilings <> '{}'
        UNION ALL SELECT 'organization ' || id, 'organization', id, NULL, id, '' FROM organizations
          WHERE ceilings <> '{}'
        UNION ALL SELECT 'end user ' || organization_id || ' ' || id, 'end_user', organization_id, NULL,
          organization_id, id FROM end_users WHERE ceilings <> '{}'
        UNION ALL SELECT 'user ' || organization_id || ' ' || id, 'user', organization_id, NULL, organization_id, id
          FROM users WHERE ceilings <> '{}'
      ) AS subjects
      WHERE place COLLATE "C" > ${after} COLLATE "C"
        AND (${teamId ?? null}::text IS NULL OR team_id = ${teamId ?? null})
        AND (${organizationId ?? null}::text IS NULL OR organization_id = ${organizationId ?? null})
      ORDER BY place COLLATE "C" LIMIT ${PAGE}`,
  );
}

function subjectFrom({ kind, one, other }: SubjectRow): Subject {
  switch (kind) {
    case 'team':
      return { kind, teamId: one };
    case 'key':
      return { kind, keyId: one };
    case 'organization':
      return { kind, organizationId: one };
    case 'member':
      return { kind, teamId: one, userId: other };
    case 'user':
      return { kind, organizationId: one, userId: other };
    case 'end_user':
      return { kind, organizationId: one, endUserId: other };
  }
}
