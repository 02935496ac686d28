import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { code, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { moment, person } from './words.ts';

/** A reason is as long as people like. */
const REASON_SHOWN = 80;
const TARGET_SHOWN = 60;

/** `key rotated  ·  today at 9:41, @ann: leaked`: who did what, from the audit trail. */
export function deedLine({ action, at, actor, reason }: AuditEntry): Mrkdwn {
  const why = reason === null ? mrkdwn`` : mrkdwn`: ${shortened(reason, REASON_SHOWN)}`;
  return mrkdwn`${deedWords(action)}  ·  ${moment(at)}, ${person(actor)}${why}`;
}

/** `acme-prod`, `sk-…46e8` of `acme-prod`: what it was done to, as people know it. The kind stands in the deed. */
export function targetText(
  target: string,
  key: Pick<VirtualKey, 'lastFour' | 'teamId'> | undefined,
): Mrkdwn {
  const [, id = ''] = target.split(/:(.*)/s);
  return key === undefined
    ? code(shortened(id, TARGET_SHOWN))
    : mrkdwn`${code(`sk-…${key.lastFour}`)} of ${code(key.teamId)}`;
}

/** The key that something was done to; undefined where it was something else. */
export function keyIdOf(target: string): string | undefined {
  return /^key:(.+)/.exec(target)?.[1];
}

/** `team.created` is `team created`; ceilings are what people call limits and budgets. */
export function deedWords(action: string): string {
  return action.replaceAll(/[._]/g, ' ').replace('ceilings', 'limits and budgets');
}
