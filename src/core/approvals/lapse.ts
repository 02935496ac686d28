import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Stores } from '../stores.ts';
import { subjectOf } from './action.ts';

const SYSTEM_APPROVALS: Actor = { id: 'system:approvals', door: 'system' };
/** One page; the next run takes the next. */
const PAGE = 100;

export interface Lapsed {
  readonly expired: number;
  readonly reminded: number;
}

/** Ends proposals whose time is over, and has approvers reminded of those that wait: each once. */
export async function lapseProposals(stores: Stores): Promise<Lapsed> {
  const now = new Date(stores.clock());
  const { approvals } = stores.records;
  let expired = 0;
  for (const id of await approvals.expired(now, PAGE)) {
    expired += (await expire(stores, id, now)) ? 1 : 0;
  }
  let reminded = 0;
  for (const id of await approvals.unreminded(now, PAGE)) {
    reminded += (await remind(stores, id, now)) ? 1 : 0;
  }
  return { expired, reminded };
}

/** False if somebody decided first. */
async function expire(stores: Stores, id: string, now: Date): Promise<boolean> {
  return stores.records.change<boolean>(async (records) => {
    const proposal = await records.approvals.locked(id);
    if (proposal?.status !== 'pending' || proposal.expiresAt > now) {
      return false;
    }
    await records.approvals.update(id, { status: 'expired', decidedAt: now });
    await records.audit.write({
      actor: SYSTEM_APPROVALS,
      action: 'proposal.expired',
      target: subjectText(subjectOf(proposal.action)),
      before: { status: 'pending' },
      after: { proposal: id, kind: proposal.action.kind, status: 'expired' },
    });
    await records.outbox.add({ kind: 'proposal.changed', proposalId: id });
    return true;
  }) as Promise<boolean>;
}

async function remind(stores: Stores, id: string, now: Date): Promise<boolean> {
  return stores.records.change<boolean>(async (records) => {
    const proposal = await records.approvals.locked(id);
    if (proposal?.status !== 'pending' || proposal.remindedAt !== null) {
      return false;
    }
    await records.approvals.update(id, { remindedAt: now });
    await records.outbox.add({ kind: 'proposal.changed', proposalId: id });
    return true;
  }) as Promise<boolean>;
}
