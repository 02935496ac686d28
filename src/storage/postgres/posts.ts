import type { Manner, Post, PostFacts, PostKind } from '../../core/posts/post.ts';
import type { PostRecords } from '../../core/posts/post-records.ts';
import type { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function postsIn(scope: PostgresScope): PostRecords {
  return { add: addingIn(scope), ...placesIn(scope), ...endingIn(scope) };
}

type Placing = 'placesDue' | 'take' | 'release' | 'lose' | 'waiting' | 'spotOf';

function addingIn(scope: PostgresScope): PostRecords['add'] {
  return async ({ place, kind, facts, manner, message, mergeKey, teamId, organizationId, due }) => {
    await scope.channelPost.create({
      data: {
        place,
        kind,
        facts: facts as unknown as Prisma.InputJsonObject,
        manner: manner ?? 'say',
        message: message ?? null,
        mergeKey: mergeKey ?? null,
        teamId: teamId ?? null,
        organizationId: organizationId ?? null,
        dueAt: due ?? null,
      },
    });
  };
}

function placesIn(scope: PostgresScope): Pick<PostRecords, Placing> {
  return {
    placesDue: async (at, limit) => {
      const found = await scope.$queryRaw<{ place: string }[]>`
        SELECT p.place FROM channel_posts p LEFT JOIN post_places k ON k.place = p.place
        WHERE p.over_at IS NULL AND (p.due_at IS NULL OR p.due_at <= ${at})
          AND (k.next_at IS NULL OR k.next_at <= ${at})
          AND (k.held_until IS NULL OR k.held_until <= ${at})
        GROUP BY p.place ORDER BY min(p.id) LIMIT ${limit}`;
      return found.map(({ place }) => place);
    },
    take: async (place, holder, at, until) => {
      const taken = await scope.$queryRaw<{ failures: number }[]>`
        INSERT INTO post_places (place, holder, held_until) VALUES (${place}, ${holder}, ${until})
        ON CONFLICT (place) DO UPDATE SET holder = ${holder}, held_until = ${until}
        WHERE (post_places.held_until IS NULL OR post_places.held_until <= ${at}
            OR post_places.holder = ${holder})
          AND (post_places.next_at IS NULL OR post_places.next_at <= ${at})
        RETURNING failures`;
      return taken[0]?.failures;
    },
    release: async (place, holder, { next, failures, isReached }) => {
      const found = isReached ? { lostAt: null } : {};
      await scope.postPlace.updateMany({
        where: { place, holder },
        data: { holder: null, heldUntil: null, nextAt: next, failures, ...found },
      });
    },
    lose: async (place, at) =>
      (await scope.postPlace.updateMany({ where: { place, lostAt: null }, data: { lostAt: at } }))
        .count === 1,
    waiting: async (place, at, limit) => {
      const due = { OR: [{ dueAt: null }, { dueAt: { lte: at } }] };
      const where = { place, overAt: null, ...due };
      const found = await scope.channelPost.findMany({
        where,
        orderBy: { id: 'asc' },
        take: limit,
      });
      return found.map(postFrom);
    },
    spotOf: async (message) => {
      const where = { message, manner: 'keep', outcome: 'said', stamp: { not: null } };
      const orderBy = [{ overAt: 'desc' }, { id: 'desc' }] as const;
      const row = await scope.channelPost.findFirst({ where, orderBy: [...orderBy] });
      return row === null || row.channelId === null || row.stamp === null
        ? undefined
        : { channelId: row.channelId, stamp: row.stamp };
    },
  };
}

function endingIn(scope: PostgresScope): Omit<PostRecords, 'add' | Placing> {
  const waiting = (ids: readonly bigint[]) => ({ id: { in: [...ids] }, overAt: null });
  return {
    tried: async (ids, at, fileId) => {
      const tries = { increment: fileId === undefined ? 1 : 0 };
      const data = { triedAt: at, tries, fileId: fileId ?? null };
      await scope.channelPost.updateMany({ where: waiting(ids), data });
    },
    untried: async (ids) => {
      await scope.channelPost.updateMany({ where: waiting(ids), data: { triedAt: null } });
    },
    said: async (ids, { channelId, stamp }, at) => {
      const data = { outcome: 'said', overAt: at, channelId, stamp };
      await scope.channelPost.updateMany({ where: waiting(ids), data });
    },
    over: async (ids, outcome, complaint, at) => {
      const data = { outcome, complaint, overAt: at };
      await scope.channelPost.updateMany({ where: waiting(ids), data });
    },
    move: async (ids, places, at) => {
      await scope.$executeRaw`
        WITH moved AS (
          UPDATE channel_posts SET over_at = ${at}, outcome = 'moved'
          WHERE id = ANY(${[...ids]}::bigint[]) AND over_at IS NULL
          RETURNING id, kind, manner, message, merge_key, facts, team_id, organization_id
        )
        INSERT INTO channel_posts
          (place, kind, manner, message, merge_key, facts, team_id, organization_id)
        SELECT target.place, m.kind, m.manner,
          -- Each administrator has a message of their own.
          m.message || CASE WHEN target.place LIKE 'U%' THEN ':' || target.place ELSE '' END,
          m.merge_key, m.facts, m.team_id, m.organization_id
        FROM moved m CROSS JOIN unnest(${[...places]}::text[]) AS target (place) ORDER BY m.id`;
    },
    forget: async (before) =>
      (await scope.channelPost.deleteMany({ where: { overAt: { lt: before } } })).count,
  };
}

function postFrom(row: rows.ChannelPost): Post {
  return {
    id: row.id,
    place: row.place,
    kind: row.kind as PostKind,
    facts: row.facts as unknown as PostFacts[PostKind],
    manner: row.manner as Manner,
    message: row.message,
    mergeKey: row.mergeKey,
    teamId: row.teamId,
    organizationId: row.organizationId,
    createdAt: row.createdAt,
    triedAt: row.triedAt,
    tries: row.tries,
    fileId: row.fileId,
  };
}
