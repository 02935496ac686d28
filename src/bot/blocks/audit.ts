import { ACTION_KINDS, fromJson } from '../../core/approvals/action.ts';
import type { ActionKind, ProposedAction } from '../../core/approvals/action.ts';
import type { Outcome } from '../../core/approvals/proposal.ts';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { Verified } from '../../core/audit/verify.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { differences } from './change-words.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { context, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { titleOf } from './proposal-words.ts';
import { moment, person } from './words.ts';

/** Who did what, the latest first. */
export function auditList(page: Page<AuditEntry>): Speech {
  const title = 'Audit trail';
  const { rows, path, next } = page;
  if (rows.length === 0 && path.length === 0) {
    return sentence(mrkdwn`Nothing is on record that fits.`);
  }
  const file = mrkdwn`All of it comes as a file with ${code('/audit export …')}.`;
  return speech(mrkdwn`${title}: ${rows.length} entries`, [
    header(title),
    ...rows.map((entry) => section(entryText(entry))),
    ...pageButtons(page, 'time'),
    ...(next === undefined ? [] : [context(file)]),
  ]);
}

function entryText({ at, actor, action, target, door, before, after, reason }: AuditEntry): Mrkdwn {
  const why = reason === null ? mrkdwn`` : mrkdwn`\n>${reason}`;
  const sides = { before: spoken(before), after: spoken(after) };
  const isTold = before !== null || after !== null;
  const changed = isTold ? mrkdwn`\n${differences(sides)}` : mrkdwn``;
  return mrkdwn`*${action}*  ${code(target)}  ·  ${person(actor)}${doorText(door)}, ${moment(at)}${changed}${why}`;
}

/** Through which door, where the actor does not say so already. */
function doorText(door: AuditEntry['door']): string {
  return door === 'slack' ? ' in Slack' : '';
}

type Side = AuditEntry['before'];
type Fields = readonly (readonly [string, unknown])[];

/** Without names of deliveries, which tell nobody anything and stand in the file; proposals in words. */
function spoken(side: Side): Side {
  const fields = Object.entries(side ?? {}).filter(([name]) => name !== 'reference');
  return (
    side &&
    Object.fromEntries(
      fields.flatMap(([name, value]): Fields => SPOKEN[name]?.(value) ?? [[name, value]]),
    )
  );
}

/** What propose.ts and decide.ts write; undefined for what others call the same. */
const SPOKEN: Readonly<Record<string, (value: unknown) => Fields | undefined>> = {
  action(value) {
    const { kind } = (value ?? {}) as { readonly kind?: ActionKind };
    return kind === undefined || !ACTION_KINDS.includes(kind)
      ? undefined
      : [['wish', titleOf(fromJson(value) as ProposedAction)]];
  },
  outcome(value) {
    const { balanceAfter, complaint } = (value ?? {}) as Outcome;
    return [
      ['balanceAfterMicrocredits', balanceAfter ?? null],
      ['complaint', complaint ?? null],
    ];
  },
};

/** Whether the chain holds. */
export function verifiedSpeech(verified: Verified): Speech {
  if ('broken' in verified) {
    const { position, id, complaint } = verified.broken;
    const row = id === undefined ? '' : ` (row ${id})`;
    return sentence(
      mrkdwn`🔴 *The audit trail is broken* at place ${position}${row}: ${complaint}.`,
      context(mrkdwn`Somebody changed the database past its rules. Compare with a backup.`),
    );
  }
  const { position, hash } = verified.end;
  return sentence(
    mrkdwn`🟢 The audit trail holds: ${position} entries.`,
    context(
      mrkdwn`Last hash ${code(hash)}. Kept elsewhere, it proves later that all up to here is as it was.`,
    ),
  );
}
