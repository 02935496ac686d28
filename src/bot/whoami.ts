import { isAtLeast, POLICY } from '../core/policy.ts';
import { DAY_MS } from '../core/time.ts';
import { nobodySpeech, whoamiSpeech } from './blocks/whoami.ts';
import type { Call } from './call.ts';
import type { KnownRole } from './roles.ts';

/** Tells a person their roles, where these come from, what they may do, and what is left of their day. */
export async function whoami(call: Call): Promise<void> {
  const { roles, stores } = call.bot;
  const { userId, actor } = call;
  const complaint = await roles.anywhere().complaint(userId, POLICY.look);
  if (complaint !== undefined) {
    await call.reply(nobodySpeech(userId, complaint));
    return;
  }
  const held = onceEach(await roles.rolesOf(userId), userId);
  const mayChange = held.some(({ role }) => isAtLeast(role, POLICY.change));
  const since = new Date(stores.clock() - DAY_MS);
  await call.reply(
    whoamiSpeech({
      userId,
      roles: held,
      policy: stores.settings.approvals,
      moved: mayChange ? await stores.records.approvals.movedBy(actor.id, since) : undefined,
    }),
  );
}

/** A role that a person has by name and by a group is one role; by name says more. */
function onceEach(roles: readonly KnownRole[], userId: string): KnownRole[] {
  const isSame = (a: KnownRole, b: KnownRole): boolean =>
    a.role === b.role && a.organizationId === b.organizationId;
  const byName = roles.toSorted(
    (a, b) => Number(b.holder === userId) - Number(a.holder === userId),
  );
  const kept = byName.filter((each, at) => byName.findIndex((other) => isSame(each, other)) === at);
  return roles.filter((each) => kept.includes(each));
}
