// Who there is among the operator's people. Owners manage everybody; admins manage those who only look.

import type { Actor } from '../audit/audit.ts';
import { complaintAboutName, newId } from '../ids.ts';
import { complaintAboutEmail } from '../members/member.ts';
import type { Caller } from '../permission/caller.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { hashPassword, isPassword, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './password.ts';
import { openSession } from './session.ts';
import type { SignedInStaff } from './session.ts';
import type { Staff, StaffRole } from './staff.ts';

export interface StaffWish {
  readonly email: string;
  readonly displayName: string;
  readonly password: string;
  readonly role: StaffRole;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes the first person, an owner, and signs them in. */
export async function setUpStaff(
  stores: Stores,
  actor: Actor,
  wish: Omit<StaffWish, 'role'>,
): Promise<SignedInStaff | Refusal> {
  const hashed = await hashedOf(wish);
  if (isRefusal(hashed)) {
    return hashed;
  }
  return stores.records.change<SignedInStaff>(async (records) => {
    await records.staff.lock();
    if ((await records.staff.list()).length > 0) {
      return refuse('setup_done');
    }
    const staff = await insert(records, actor, { ...wish, role: 'owner' }, hashed);
    return isRefusal(staff)
      ? staff
      : { staff, secret: await openSession(stores, records.staff, staff.id) };
  });
}

export async function createStaff(
  stores: Stores,
  caller: Caller,
  wish: StaffWish,
): Promise<Staff | Refusal> {
  if (caller.role !== 'owner' && wish.role !== 'viewer') {
    return refuse('staff_denied', { rule: "Admins can only create users with 'user' role" });
  }
  const hashed = await hashedOf(wish);
  return isRefusal(hashed)
    ? hashed
    : stores.records.change<Staff>(async (records) => insert(records, caller.actor, wish, hashed));
}

export type StaffChange = Partial<Pick<Staff, 'displayName' | 'role' | 'active' | 'metadata'>>;

export async function changeStaff(
  stores: Stores,
  caller: Caller,
  id: string,
  change: StaffChange,
): Promise<Staff | Refusal> {
  const { displayName } = change;
  const aboutName = displayName === undefined ? undefined : complaintAboutName(displayName);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'display_name', complaint: aboutName });
  }
  return stores.records.change<Staff>(async (records) => {
    await records.staff.lock();
    const before = await records.staff.find(id);
    if (before === undefined) {
      return refuse('staff_unknown');
    }
    const refusal =
      complaintAboutChange(caller, before, change) ?? (await keepsAnOwner(records, before, change));
    if (refusal !== undefined) {
      return refusal;
    }
    await records.staff.update(id, change);
    if (change.active === false) {
      await records.staff.endSessionsOf(id);
    }
    await tell(records, caller.actor, 'staff.changed', id, { ...change });
    return { ...before, ...change };
  });
}

/** Changes one's own password; every other session of this person ends. */
export async function changePassword(
  stores: Stores,
  caller: Caller,
  wish: { readonly current: string; readonly next: string },
): Promise<Staff | Refusal> {
  const staff = await stores.records.staff.find(caller.staffId ?? '');
  if (staff === undefined) {
    return refuse('staff_unknown');
  }
  if (!(await isPassword(wish.current, staff.passwordHash))) {
    return refuse('password_wrong');
  }
  const refusal = complaintAboutPassword('new_password', wish.next);
  if (refusal !== undefined) {
    return refusal;
  }
  const passwordHash = await hashPassword(wish.next);
  return stores.records.change<Staff>(async (records) => {
    await records.staff.update(staff.id, { passwordHash });
    await records.staff.endSessionsOf(staff.id);
    await tell(records, caller.actor, 'staff.password_changed', staff.id, {});
    return staff;
  });
}

function complaintAboutChange(
  caller: Caller,
  before: Staff,
  change: StaffChange,
): Refusal | undefined {
  const isOwner = caller.role === 'owner';
  if (!isOwner && before.role !== 'viewer') {
    const rule =
      change.active === false
        ? 'Admins cannot delete owner or admin users'
        : 'Admins cannot modify owner or admin users';
    return refuse('staff_denied', { rule });
  }
  if (caller.staffId === before.id && change.role !== undefined && change.role !== before.role) {
    return refuse('staff_own', { rule: 'Cannot change your own role' });
  }
  if (caller.staffId === before.id && change.active === false) {
    return refuse('staff_own', { rule: 'Cannot delete your own account' });
  }
  return !isOwner && change.role !== undefined && change.role !== 'viewer'
    ? refuse('staff_denied', { rule: 'Admins cannot promote users to owner or admin' })
    : undefined;
}

/** Somebody must be left who can make others owners. */
async function keepsAnOwner(
  records: Records,
  before: Staff,
  { role = before.role, active = before.active }: StaffChange,
): Promise<Refusal | undefined> {
  if (before.role !== 'owner' || !before.active || (role === 'owner' && active)) {
    return undefined;
  }
  const owners = (await records.staff.list()).filter(
    (each) => each.role === 'owner' && each.active,
  );
  return owners.length > 1
    ? undefined
    : refuse('staff_own', { rule: 'The last owner stays; make somebody else an owner first' });
}

async function hashedOf(wish: Omit<StaffWish, 'role'>): Promise<string | Refusal> {
  const email = complaintAboutEmail(wish.email.trim());
  const name = complaintAboutName(wish.displayName);
  if (email !== undefined || name !== undefined) {
    const field = email === undefined ? 'display_name' : 'email';
    return refuse('value_invalid', { field, complaint: email ?? name ?? '' });
  }
  return complaintAboutPassword('password', wish.password) ?? hashPassword(wish.password);
}

function complaintAboutPassword(field: string, password: string): Refusal | undefined {
  return password.length >= PASSWORD_MIN_LENGTH && password.length <= PASSWORD_MAX_LENGTH
    ? undefined
    : refuse('value_invalid', {
        field,
        complaint: `it must have ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters`,
      });
}

async function insert(
  records: Records,
  actor: Actor,
  { displayName, role, metadata = {}, ...wish }: StaffWish,
  passwordHash: string,
): Promise<Staff | Refusal> {
  const email = wish.email.trim().toLowerCase();
  const id = newId();
  const person = { id, email, displayName, role, passwordHash, active: true, metadata };
  if (!(await records.staff.insert({ ...person, createdBy: actor.id }))) {
    return refuse('staff_exists');
  }
  await tell(records, actor, 'staff.created', id, { email, role });
  const staff = await records.staff.find(id);
  return staff ?? refuse('staff_unknown');
}

async function tell(
  records: Records,
  actor: Actor,
  action: string,
  id: string,
  after: Readonly<Record<string, unknown>>,
): Promise<void> {
  await records.audit.write({ actor, action, target: `staff:${id}`, after });
}
