import type { AuditFilter } from '../../../core/audit/audit-records.ts';
import { auditCsv } from '../../../core/audit/csv.ts';
import { verifyAudit } from '../../../core/audit/verify.ts';
import { auditList, verifiedSpeech } from '../../blocks/audit.ts';
import { auditFilterFrom } from '../../audit-words.ts';
import type { AuditWords } from '../../audit-words.ts';
import type { Call } from '../../call.ts';
import { mrkdwn } from '../../escape.ts';
import { sentence } from '../../blocks/kit.ts';
import { sightOf, within } from '../../sight.ts';
import { sendFile } from '../../files.ts';
import { readPage, tellPage } from '../../paging.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { teamMeant, withName } from '../../unknown-team.ts';
import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { POLICY } from '../../../core/policy.ts';
import { subcommand } from '../definition.ts';
import type { Argument } from '../definition.ts';

const FILTERS = [
  {
    name: 'team',
    kind: 'team',
    positional: true,
    example: 'acme-prod',
    says: 'of this team, its keys and its members; of everything if absent',
  },
  { name: 'org', kind: 'org', example: 'org=acme', says: 'of this organization and all its teams' },
  {
    name: 'actor',
    kind: 'text',
    example: 'actor=@maya',
    says: 'what this person did, or api:admin, or system',
  },
  {
    name: 'action',
    kind: 'text',
    example: 'action=team.suspended',
    says: 'one action, or the beginning of some, like credits',
  },
  {
    name: 'from',
    kind: 'text',
    example: 'from=2026-11-01',
    says: 'since this day, or the last days: 7d',
  },
  { name: 'to', kind: 'text', example: 'to=2026-11-30', says: 'until this day, included' },
] as const satisfies readonly Argument[];

const SHOWN = 15;
/** A file of some megabytes; more is a matter for the database. */
const EXPORTED_MAX = 50_000;
const PAGE = 5_000;

const search = subcommand({
  name: 'search',
  says: 'Shows who did what, when, why and from where; the latest first.',
  role: POLICY.audit,
  inSight: true,
  arguments: FILTERS,
  examples: ['search acme-prod', 'search actor=@maya action=credits. from=7d'],
  async run(call, { values }) {
    const filter = await filterFrom(call, values);
    if (filter !== undefined) {
      const { audit } = call.bot.stores.records;
      const page = await readPage(call, {
        size: SHOWN,
        read: async (after, limit) => {
          const from = after === undefined ? {} : { before: BigInt(after) };
          return audit.search({ ...filter, ...from, limit });
        },
        placeOf: ({ position }) => position.toString(),
      });
      await tellPage(call, auditList(page));
    }
  },
});

const exported = subcommand({
  name: 'export',
  says: 'Sends you what a search finds as a CSV file, in your own conversation with me.',
  role: POLICY.audit,
  inSight: true,
  arguments: FILTERS,
  examples: ['export acme-prod', 'export from=2026-11-01 to=2026-11-30'],
  async run(call, { values }) {
    const filter = await filterFrom(call, values);
    if (filter === undefined) {
      return;
    }
    const { audit } = call.bot.stores.records;
    const rows = await allOf(async (before) =>
      audit.search({ ...filter, ...(before === undefined ? {} : { before }), limit: PAGE }),
    );
    const after = { rows: rows.length, ...values };
    const noted = await once(call.bot.stores, `slack:${call.onceId}`, async ({ records }) =>
      records.audit.write({ actor: call.actor, action: 'audit.exported', target: 'audit', after }),
    );
    if (isRepeated(noted)) {
      return;
    }
    const day = new Date(call.bot.stores.clock()).toISOString().slice(0, 10);
    await sendFile(call.bot, call.userId, {
      name: `audit-${day}.csv`,
      title: `Audit trail, ${rows.length} entries`,
      content: Buffer.from(auditCsv(rows)),
    });
    const said = mrkdwn`I sent you ${rows.length} entries as a file, in our own conversation.`;
    await call.reply(sentence(said));
  },
});

const verify = subcommand({
  name: 'verify',
  says: 'Goes over the whole audit trail, and says whether its chain holds.',
  role: POLICY.audit,
  arguments: [],
  examples: ['verify'],
  async run(call) {
    await call.reply(verifiedSpeech(await verifyAudit(call.bot.stores.records)));
  },
});

export const AUDIT_SUBCOMMANDS = [search, exported, verify];

/** Undefined after the person was told what can't be read, or what is not known. */
async function filterFrom(
  call: Call,
  words: AuditWords,
): Promise<Omit<AuditFilter, 'limit'> | undefined> {
  const { team, org } = words;
  const again = (meant: string): string => withName(call.text, org ?? '', meant);
  if (
    (team !== undefined && (await teamMeant(call, team)) === undefined) ||
    (org !== undefined && (await organizationOf(call, org, again)) === undefined)
  ) {
    return undefined;
  }
  const filter = auditFilterFrom(words, call.bot.stores.clock());
  if (isRefusal(filter)) {
    await call.reply(refusalSpeech(filter));
    return undefined;
  }
  return { ...within(await sightOf(call, POLICY.audit)), ...filter };
}

async function allOf<Row extends { readonly position: bigint }>(
  page: (before: bigint | undefined) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let last: bigint | undefined; rows.length < EXPORTED_MAX;) {
    const next = await page(last);
    rows.push(...next);
    last = next.at(-1)?.position;
    if (next.length < PAGE) {
      break;
    }
  }
  return rows;
}
