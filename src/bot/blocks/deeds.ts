import type { AuditEntry } from '../../core/audit/audit-records.ts';
import { mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { moment, person } from './words.ts';

/** A reason is as long as people like. */
const REASON_SHOWN = 80;

/** `key rotated  ·  today at 9:41, @ann: leaked`: who did what, from the audit trail. */
export function deedLine({ action, at, actor, reason }: AuditEntry): Mrkdwn {
  const why = reason === null ? mrkdwn`` : mrkdwn`: ${shortened(reason, REASON_SHOWN)}`;
  return mrkdwn`${deedWords(action)}  ·  ${moment(at)}, ${person(actor)}${why}`;
}

/** `team.created` is `team created`. */
export function deedWords(action: string): string {
  return action.replaceAll(/[._]/g, ' ');
}
