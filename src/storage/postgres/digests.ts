import { subjectFrom, subjectText } from '../../core/ceilings/subject.ts';
import type {
  Digest,
  DigestEvery,
  DigestRecords,
  DigestSubject,
} from '../../core/digests/digest.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function digestsIn(scope: PostgresScope): DigestRecords {
  return {
    async list(limit) {
      const orderBy = [{ subject: 'asc' }, { channelId: 'asc' }] as const;
      return (await scope.digestSubscription.findMany({ orderBy: [...orderBy], take: limit })).map(
        digestFrom,
      );
    },
    async put({ channelId, subject, every, csv, nextAt, createdBy }) {
      const key = { channelId, subject: subjectText(subject) };
      const rest = { every, csv, nextAt, createdBy };
      await scope.digestSubscription.upsert({
        where: { channelId_subject: key },
        create: { ...key, ...rest },
        update: rest,
      });
    },
    async remove(channelId, subject) {
      const where = { channelId, subject: subjectText(subject) };
      const { count } = await scope.digestSubscription.deleteMany({ where });
      return count > 0;
    },
    async due(at, limit) {
      const found = await scope.digestSubscription.findMany({
        where: { nextAt: { lte: at } },
        orderBy: { nextAt: 'asc' },
        take: limit,
      });
      return found.map(digestFrom);
    },
    async move({ channelId, subject, nextAt: was }, nextAt) {
      const { count } = await scope.digestSubscription.updateMany({
        where: { channelId, subject: subjectText(subject), nextAt: was },
        data: { nextAt },
      });
      return count > 0;
    },
  };
}

function digestFrom(row: rows.DigestSubscription): Digest {
  const { channelId, subject, every, csv, nextAt, createdBy } = row;
  return {
    channelId,
    // Written by put() alone.
    subject: subjectFrom(subject) as DigestSubject,
    every: every as DigestEvery,
    csv,
    nextAt,
    createdBy,
  };
}
