// The audit trail as the other system lists it: there for what people did to people, here for everything.

import { z } from 'zod';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { Staff } from '../../core/staff/staff.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import type { Told } from '../told.ts';
import { AUDIT_LINE } from './answers/people.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
/** Nobody turns so many pages; `before` goes on from any place. */
const OFFSET_MAX = 10_000;

export const auditLogsEndpoint = endpoint({
  summary: 'The audit trail, the latest first',
  better: [
    'Every change stands in it, through whichever door.',
    '`before` goes on behind a line, so that pages stay right while lines come.',
  ],
  action: 'staff.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
    offset: z.coerce.number().int().min(0).max(OFFSET_MAX).default(0),
    before: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    action: z.string().optional(),
    user_id: z.string().optional(),
    resource_type: z.string().regex(/^\w+$/).optional(),
  }),
  answer: z.array(AUDIT_LINE),
  async handle({ stores, query }) {
    const { limit, offset, before, action, user_id: userId, resource_type: kind } = query;
    const staff = await stores.records.staff.list();
    const person = staff.find(({ id }) => id === userId);
    const found = await stores.records.audit.search({
      ...(before === undefined ? {} : { before: BigInt(before) }),
      ...(action === undefined ? {} : { action }),
      // Whoever is no person of the operator may still be an actor: `api:admin`, `slack:U…`.
      ...(userId === undefined ? {} : { actor: person === undefined ? userId : actorOf(person) }),
      ...(kind === undefined ? {} : { targetKind: kind }),
      limit: offset + limit,
    });
    return found.slice(offset).map((entry) => lineOf(entry, staff));
  },
});

function actorOf({ email }: Staff): string {
  return `api:${email}`;
}

function lineOf(entry: AuditEntry, staff: readonly Staff[]): Told<typeof AUDIT_LINE> {
  const [kind = '', ...rest] = entry.target.split(':');
  const person = staff.find((each) => actorOf(each) === entry.actor);
  return {
    audit_id: entry.position.toString(),
    user_id: person?.id ?? entry.actor,
    actor: entry.actor,
    door: entry.door,
    action: entry.action,
    resource_type: kind,
    resource_id: rest.join(':'),
    details: { before: entry.before, after: entry.after, reason: entry.reason },
    ip_address: null,
    created_at: entry.at.toISOString(),
  };
}
