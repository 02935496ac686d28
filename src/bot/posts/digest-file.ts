import { subjectFrom } from '../../core/ceilings/subject.ts';
import { digestCsv } from '../../core/digests/digest-csv.ts';
import type { DigestSubject } from '../../core/digests/digest.ts';
import { timeZoneOf } from '../../core/organizations/zone-of.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { dateIn } from '../../core/time-zone.ts';
import { sentence } from '../blocks/kit.ts';
import { scopeName } from '../blocks/usage.ts';
import { code, mrkdwn } from '../escape.ts';
import type { PostSpeech } from './renderers.ts';

/** The figures of a digest as a file; nothing if whose they are is gone. */
export async function digestFilePost(
  stores: Stores,
  [first]: readonly Post<'digest.file'>[],
): Promise<PostSpeech | undefined> {
  const subject = first && (subjectFrom(first.facts.subject) as DigestSubject | undefined);
  if (first === undefined || subject === undefined || !(await isThere(stores, subject))) {
    return undefined;
  }
  const [from, to] = [new Date(first.facts.from), new Date(first.facts.to)];
  const by = ['team', 'model'] as const;
  const rows = await stores.records.usage.range({ scope: subject, from, to, step: 'day', by });
  const timeZone = await timeZoneOf(stores.records, subject);
  const days = [from.getTime(), to.getTime() - 1].map((ms) => dateIn(timeZone, ms));
  const name = scopeName(subject);
  const span = [...new Set(days)].join(' to ');
  return {
    ...sentence(mrkdwn`Usage of ${code(name)}, ${span}, by day, team and model.`),
    file: {
      name: `usage-${name}-${[...new Set(days)].join('-to-')}.csv`,
      title: `Usage of ${name}, ${span}`,
      content: Buffer.from(digestCsv(rows)),
    },
  };
}

async function isThere({ records }: Stores, subject: DigestSubject): Promise<boolean> {
  const found =
    subject.kind === 'team'
      ? await records.teams.find(subject.teamId)
      : await records.organizations.find(subject.organizationId);
  return found !== undefined;
}
