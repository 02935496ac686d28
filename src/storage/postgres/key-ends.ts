import type { KeyEnd } from '../../core/keys/note-ends.ts';
import type { KeyRecords } from '../../core/keys/key-records.ts';
import type { PostgresScope } from './client.ts';

export function keyEndsIn(scope: PostgresScope): Pick<KeyRecords, 'ended' | 'noteEnd'> {
  return {
    // Whoever was away for longer than a year has other news. A key made for a week was meant to end.
    ended: async (at, limit) => scope.$queryRaw<KeyEnd[]>`
      SELECT ends.* FROM (
        SELECT id AS "keyId", 'expired' AS what, expires_at AS at FROM virtual_keys
        WHERE expires_at > ${at}::timestamptz - interval '1 year' AND expires_at <= ${at}
          AND status <> 'revoked' AND expires_at - created_at > interval '8 days'
        UNION ALL
        SELECT id, 'grace_ended', previous_until FROM virtual_keys
        WHERE previous_until > ${at}::timestamptz - interval '1 year' AND previous_until <= ${at}
          AND status <> 'revoked'
      ) AS ends
      WHERE NOT EXISTS (
        SELECT 1 FROM key_ends AS noted
        WHERE noted.key_id = ends."keyId" AND noted.what = ends.what AND noted.at = ends.at
      )
      ORDER BY ends.at LIMIT ${limit}`,
    noteEnd: async (end) =>
      (await scope.keyEnd.createMany({ data: end, skipDuplicates: true })).count === 1,
  };
}
