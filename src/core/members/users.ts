import type { Actor } from '../audit/audit.ts';
import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import { complaintAboutName } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { isDeleted } from './deleted.ts';
import { complaintAboutEmail, complaintAboutUserId } from './member.ts';
import type { OrganizationRole, User } from './member.ts';

export interface UserWish {
  readonly organizationId: string;
  readonly id: string;
  /** What people read; empty where nobody said. */
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly role?: OrganizationRole | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export type UserChange = Partial<Pick<User, 'name' | 'email' | 'role' | 'metadata'>>;

/** Creates a person of a customer. The gate loads it with the first call that needs it. */
export async function createUser(
  stores: Stores,
  actor: Actor,
  wish: UserWish,
): Promise<User | Refusal> {
  return stores.records.change(async (records) => {
    if ((await records.organizations.find(wish.organizationId)) === undefined) {
      return refuse('organization_unknown', { organization: wish.organizationId });
    }
    const refusal = await insertUser(records, actor, wish);
    // Read back in the same transaction: what was inserted is there.
    return refusal ?? ((await records.users.find(wish.organizationId, wish.id)) as User);
  });
}

/** Creates a person as a part of a larger change. */
export async function insertUser(
  records: Records,
  actor: Actor,
  wish: UserWish,
): Promise<Refusal | undefined> {
  const { organizationId, id, name = '', email = null, role = 'member', metadata = {} } = wish;
  const aboutId = complaintAboutUserId(id);
  if (aboutId !== undefined) {
    return refuse('value_invalid', { field: 'user', complaint: aboutId });
  }
  const refusal = complaintAboutUser({ name, email });
  if (refusal !== undefined) {
    return refusal;
  }
  const user = { organizationId, id, name, email, role, metadata, ceilings: NO_CEILINGS };
  if (!(await records.users.insert(user)) && !(await comesBack(records, user))) {
    return refuse('user_exists', { user: id, organization: organizationId });
  }
  await records.audit.write({
    actor,
    action: 'user.created',
    target: targetOf(organizationId, id),
    after: { name, email, role },
  });
  return undefined;
}

/** Who was deleted stays on record, and is made anew on the same row. */
async function comesBack(
  records: Records,
  {
    organizationId,
    id,
    name,
    email,
    role,
    metadata,
  }: Omit<User, 'version' | 'createdAt' | 'updatedAt'>,
): Promise<boolean> {
  const known = await records.users.find(organizationId, id);
  const isBack = known !== undefined && isDeleted(known);
  if (isBack) {
    await records.users.update(organizationId, id, { name, email, role, metadata });
  }
  return isBack;
}

/** Changes what a person is called. Limits and budgets are changed elsewhere. */
export async function updateUser(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<User, 'organizationId' | 'id'>,
  change: UserChange,
): Promise<User | Refusal> {
  return stores.records.change<User>(async (records) => {
    const before = await records.users.find(organizationId, id);
    if (before === undefined) {
      return refuse('user_unknown', { user: id, organization: organizationId });
    }
    const refusal = complaintAboutUser(change);
    if (refusal !== undefined) {
      return refusal;
    }
    await records.users.update(organizationId, id, change);
    await records.audit.write({
      actor,
      action: 'user.updated',
      target: targetOf(organizationId, id),
      before: { name: before.name, email: before.email, role: before.role },
      after: { ...change },
    });
    return (await records.users.find(organizationId, id)) ?? { ...before, ...change };
  });
}

function complaintAboutUser({ name, email }: UserChange): Refusal | undefined {
  const aboutName = name === undefined || name === '' ? undefined : complaintAboutName(name);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'user_name', complaint: aboutName });
  }
  const aboutEmail = email ? complaintAboutEmail(email) : undefined;
  return aboutEmail === undefined
    ? undefined
    : refuse('value_invalid', { field: 'user_email', complaint: aboutEmail });
}

function targetOf(organizationId: string, id: string): string {
  return `user:${organizationId}/${id}`;
}
