// What concerns all that belongs to one organization.

import type { Subject } from '../../core/ceilings/subject.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** Budgets with a duration; those that count for ever have none. */
const HAS_PERIODS = Prisma.sql`jsonb_path_exists(ceilings, '$.budgets[*] ? (@.duration != null)')`;

/** One statement for each kind of subject, however many there are: the database raises the versions and writes the events. */
export async function touchBudgets(scope: PostgresScope, id: string): Promise<Subject[]> {
  const touched = async (update: Prisma.Sql, kind: string, payload: Prisma.Sql) =>
    scope.$queryRaw<{ one: string; other: string }[]>`
      WITH touched AS (${update}),
      told AS (
        INSERT INTO outbox_events (kind, payload) SELECT ${kind}, ${payload} FROM touched
      )
      SELECT one, other FROM touched`;
  const teams = await touched(
    Prisma.sql`UPDATE teams SET version = version + 1
      WHERE organization_id = ${id} AND ${HAS_PERIODS} RETURNING id AS one, '' AS other`,
    'team.changed',
    Prisma.sql`jsonb_build_object('teamId', one)`,
  );
  const keys = await touched(
    Prisma.sql`UPDATE virtual_keys SET version = version + 1
      WHERE organization_id = ${id} AND ${HAS_PERIODS} RETURNING id AS one, '' AS other`,
    'key.changed',
    Prisma.sql`jsonb_build_object('keyId', one)`,
  );
  const users = await touched(
    Prisma.sql`UPDATE users SET version = version + 1
      WHERE organization_id = ${id} AND ${HAS_PERIODS} RETURNING organization_id AS one, id AS other`,
    'user.changed',
    Prisma.sql`jsonb_build_object('organizationId', one, 'userId', other)`,
  );
  const members = await touched(
    Prisma.sql`UPDATE members SET version = version + 1
      WHERE organization_id = ${id} AND ${HAS_PERIODS} RETURNING team_id AS one, user_id AS other`,
    'member.changed',
    Prisma.sql`jsonb_build_object('teamId', one, 'memberId', other)`,
  );
  const endUsers = await touched(
    Prisma.sql`UPDATE end_users SET version = version + 1
      WHERE organization_id = ${id} AND ${HAS_PERIODS} RETURNING organization_id AS one, id AS other`,
    'end_user.changed',
    Prisma.sql`jsonb_build_object('organizationId', one, 'endUserId', other)`,
  );
  return [
    ...teams.map(({ one }): Subject => ({ kind: 'team', teamId: one })),
    ...keys.map(({ one }): Subject => ({ kind: 'key', keyId: one })),
    ...users.map(({ one, other }): Subject => ({
      kind: 'user',
      organizationId: one,
      userId: other,
    })),
    ...members.map(({ one, other }): Subject => ({ kind: 'member', teamId: one, userId: other })),
    ...endUsers.map(({ one, other }): Subject => ({
      kind: 'end_user',
      organizationId: one,
      endUserId: other,
    })),
  ];
}
