// What the examples are filled with: what earlier ones answered, and what happened meanwhile.

import { actOrPropose } from '../../../src/core/approvals/propose.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { Door } from '../door.ts';
import { callOnce } from '../one-call.ts';

/** The text with what earlier answers held, in place of their names in braces. */
export function fill(text: string, kept: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => kept[name] ?? whole);
}

/** One call and one job, so that usage has something to tell. */
export async function use(
  door: Door,
  secretKey: string,
  kept: Record<string, string>,
): Promise<void> {
  const call = { secretKey, model: 'gpt-4o', jobType: 'chat', costNanoUsd: 1_500_000_000n };
  const drain = await callOnce(door, call);
  await drain();
  const event = await door.postgres.usageEvent.findFirst();
  kept['call'] = event?.id ?? '';
  kept['job'] = 'job-17';
  const [key] = await door.stores.records.keys.ofTeam('acme-prod');
  const createdAt = new Date(door.stores.clock());
  await door.stores.records.jobs.insert({
    id: 'job-17',
    keyId: key?.id ?? '',
    teamId: 'acme-prod',
    organizationId: 'acme',
    userId: null,
    jobType: 'analysis',
    metadata: { document: 'contract.pdf' },
    createdAt,
    expiresAt: new Date(createdAt.getTime() + DAY_MS),
  });
}

/** What somebody in Slack asked for, and may not do alone: one to say yes to, one to say no to. */
export async function proposeTopUps(door: Door, kept: Record<string, string>): Promise<void> {
  const rule = { action: 'top_up', above: null, organizations: null, approvals: 1 } as const;
  const { approvals } = door.stores.settings;
  const policy = { ...approvals, rules: [{ ...rule, by: 'approver' as const }] };
  const stores = { ...door.stores, settings: { ...door.stores.settings, approvals: policy } };
  const manager = { id: 'slack:U0MANAGER', door: 'slack' } as const;
  for (const name of ['proposal', 'second_proposal']) {
    const top = { teamId: 'acme-prod', amount: 500_000_000n, reason: 'Pilot', reference: name };
    const action = { kind: 'top_up' as const, ...top };
    const wish = { action, channelId: undefined, onceKey: name };
    const done = await actOrPropose(stores, manager, wish);
    if (!('proposal' in done)) {
      throw new Error(`Proposing a top-up: ${JSON.stringify(done)}`);
    }
    kept[name] = done.proposal.id;
  }
}
