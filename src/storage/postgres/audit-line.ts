// A line of the audit trail, and the news that it is to channels, in one statement: every change writes some.

import type { AuditLine } from '../../core/audit/audit.ts';
import { newsIn } from '../../core/posts/change-news.ts';
import type { ChangeNews, NewsAudience } from '../../core/posts/change-news.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export async function writeAuditLine(scope: PostgresScope, line: AuditLine): Promise<void> {
  const entry = entryOf(line);
  const told = newsIn(line);
  await scope.$executeRaw(
    told === undefined
      ? entry
      : Prisma.sql`WITH line AS (${entry}) ${postsOf(told.audience, told.news)}`,
  );
}

function entryOf({ actor, action, target, before, after, reason }: AuditLine): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO audit_entries (actor, door, action, target, before, after, reason)
    VALUES (${actor.id}, ${actor.door}, ${action}, ${target}, ${jsonOf(before)}::jsonb,
      ${jsonOf(after)}::jsonb, ${reason ?? null})`;
}

function jsonOf(part: AuditLine['after']): string | null {
  return part === undefined ? null : JSON.stringify(part);
}

type News = Omit<ChangeNews, 'teamId'>;

/**
 * Into the channel of a team, else of its organization; news of an organization into its own channel and into
 * each channel of its teams, once.
 */
function postsOf({ kind, id }: NewsAudience, news: News): Prisma.Sql {
  switch (kind) {
    case 'organization':
      return postsOfOrganization(id, news);
    case 'key':
      return postsOfTeam(Prisma.sql`(SELECT team_id FROM virtual_keys WHERE id = ${id})`, news);
    case 'team':
      return postsOfTeam(Prisma.sql`${id}`, news);
  }
}

function postsOfTeam(teamId: Prisma.Sql, news: News): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO channel_posts (place, kind, merge_key, facts, team_id, organization_id)
    SELECT coalesce(t.channel_id, o.channel_id), 'change.news', 'team:' || t.id,
      ${JSON.stringify(news)}::jsonb || jsonb_build_object('teamId', t.id), t.id, o.id
    FROM teams t JOIN organizations o ON o.id = t.organization_id
    WHERE t.id = ${teamId} AND coalesce(t.channel_id, o.channel_id) IS NOT NULL`;
}

/** One channel may serve many teams; what happens to their organization is said in it once. */
function postsOfOrganization(id: string, news: News): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO channel_posts (place, kind, merge_key, facts, team_id, organization_id)
    SELECT DISTINCT ON (place) place, 'change.news', ${news.target},
      ${JSON.stringify({ ...news, teamId: null })}::jsonb, id, ${id}
    FROM (
      SELECT coalesce(t.channel_id, o.channel_id) AS place, t.id
      FROM teams t JOIN organizations o ON o.id = t.organization_id
      WHERE t.organization_id = ${id} AND t.status <> 'archived'
      UNION ALL
      SELECT channel_id, NULL FROM organizations WHERE id = ${id}
    ) AS heard WHERE place IS NOT NULL ORDER BY place, id NULLS FIRST`;
}
