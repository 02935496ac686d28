import type { AuditEntry } from '../../core/audit/audit-records.ts';
import { code, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { moment, person } from './words.ts';

/** A reason is as long as people like. */
const REASON_SHOWN = 80;
const ID_SHOWN = 8;

/** `key rotated  ·  today at 9:41, @ann: leaked`: who did what, from the audit trail. */
export function deedLine({ action, at, actor, reason }: AuditEntry): Mrkdwn {
  const why = reason === null ? mrkdwn`` : mrkdwn`: ${shortened(reason, REASON_SHOWN)}`;
  return mrkdwn`${deedWords(action)}  ·  ${moment(at)}, ${person(actor)}${why}`;
}

/** `acme-prod`, `key 01a1feb5…`: what it was done to. The kind stands in the deed; ids of keys are long. */
export function targetText(target: string): Mrkdwn {
  const [kind = '', id = ''] = target.split(/:(.*)/s);
  return kind === 'key' ? mrkdwn`key ${code(`${id.slice(0, ID_SHOWN)}…`)}` : code(id);
}

/** `team.created` is `team created`. */
export function deedWords(action: string): string {
  return action.replaceAll(/[._]/g, ' ');
}
