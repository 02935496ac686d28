import { subjectFrom } from '../../core/ceilings/subject.ts';
import { digestCsv } from '../../core/digests/digest-csv.ts';
import type { DigestSubject } from '../../core/digests/digest.ts';
import { timeZoneOf } from '../../core/organizations/zone-of.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { dateIn } from '../../core/time-zone.ts';
import { sentence } from '../blocks/kit.ts';
import { count } from '../blocks/ceilings-words.ts';
import { scopeName } from '../blocks/usage.ts';
import { code, mrkdwn } from '../escape.ts';
import { isInternal } from './client-channels.ts';
import type { PostSpeech } from './renderers.ts';

/** About a megabyte, which a spreadsheet opens at once: a month of a hundred teams with three models each. */
export const DIGEST_ROWS_MAX = 10_000;

const CUT_OFF = mrkdwn` These are the first ${count(DIGEST_ROWS_MAX)} rows; the management API has every call: ${code('GET /api/exports/usage')}.`;

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
  const asked = { scope: subject, from, to, step: 'day', by } as const;
  const [found, timeZone, withCost] = await Promise.all([
    stores.records.usage.range({ ...asked, limit: DIGEST_ROWS_MAX + 1 }),
    timeZoneOf(stores.records, subject),
    isInternal(stores, first.place),
  ]);
  const rows = found.slice(0, DIGEST_ROWS_MAX);
  const days = [from.getTime(), to.getTime() - 1].map((ms) => dateIn(timeZone, ms));
  const name = scopeName(subject);
  const span = [...new Set(days)].join(' to ');
  return {
    ...sentence(
      mrkdwn`Usage of ${code(name)}, ${span}, by day, team and model.${rows.length < found.length ? CUT_OFF : ''}`,
    ),
    file: {
      name: `usage-${name}-${[...new Set(days)].join('-to-')}.csv`,
      title: `Usage of ${name}, ${span}`,
      content: Buffer.from(digestCsv(rows, { withCost })),
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
