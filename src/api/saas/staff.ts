// The operator's people: signing in, and who there is.

import { z } from 'zod';
import { sha256 } from '../../core/ids.ts';
import { changePassword, changeStaff, createStaff, setUpStaff } from '../../core/staff/manage.ts';
import { signInStaff } from '../../core/staff/session.ts';
import type { SignedInStaff } from '../../core/staff/session.ts';
import type { Staff, StaffRole } from '../../core/staff/staff.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { METADATA } from './fields.ts';
import { SAID, SESSION, SETUP_STATUS, STAFF } from './answers/people.ts';
import type { Told } from '../told.ts';

/** As clients of the other system name those who only look. */
const ROLE = z.enum(['owner', 'admin', 'user', 'viewer']);
const SETUP = { email: z.string(), display_name: z.string(), password: z.string() };

export const setupStatusEndpoint = endpoint({
  summary: 'Whether anybody is there who signs in',
  action: 'session.open',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: SETUP_STATUS,
  async handle({ stores }) {
    const hasUsers = (await stores.records.staff.list()).length > 0;
    return { needs_setup: !hasUsers, has_users: hasUsers };
  },
});

export const setupEndpoint = endpoint({
  summary: 'Make the first person, an owner',
  action: 'staff.change',
  target: 'nothing',
  better: ['Needs the admin key: there it belonged to whoever came first.'],
  body: z.strictObject(SETUP),
  query: NO_QUERY,
  answer: SESSION,
  async handle({ stores, actor, body }) {
    const { display_name: displayName, ...rest } = body;
    return spokenSession(await setUpStaff(stores, actor, { ...rest, displayName }));
  },
});

export const signInEndpoint = endpoint({
  summary: 'Sign in',
  action: 'session.open',
  target: 'nothing',
  refusals: ['sign_in_failed', 'sign_in_throttled'],
  better: ['Five wrong passwords lock the address for a quarter of an hour.'],
  body: z.strictObject({ email: z.string(), password: z.string() }),
  query: NO_QUERY,
  answer: SESSION,
  handle: async ({ stores, body }) => spokenSession(await signInStaff(stores, body)),
});

function spokenSession(signedIn: SignedInStaff | Refusal): Told<typeof SESSION> | Refusal {
  return isRefusal(signedIn)
    ? signedIn
    : { access_token: signedIn.secret, token_type: 'bearer', user: staffView(signedIn.staff) };
}

export const signOutEndpoint = endpoint({
  summary: 'Sign out',
  action: 'self',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: SAID,
  async handle({ stores, caller }) {
    if (caller.sessionSecret !== undefined) {
      await stores.records.staff.endSession(sha256(caller.sessionSecret));
    }
    return { message: 'Logged out successfully' };
  },
});

export const meEndpoint = endpoint({
  summary: 'Who I am',
  action: 'self',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  refusals: ['staff_unknown'],
  answer: STAFF,
  async handle({ stores, caller }) {
    const staff = await stores.records.staff.find(caller.staffId ?? '');
    return staff === undefined ? refuse('staff_unknown') : staffView(staff);
  },
});

export const changePasswordEndpoint = endpoint({
  summary: 'Change my password; other sessions end',
  action: 'self',
  target: 'nothing',
  refusals: ['staff_unknown', 'password_wrong'],
  better: ['All sessions of the person end with it.'],
  body: z.strictObject({ current_password: z.string(), new_password: z.string() }),
  query: NO_QUERY,
  answer: SAID,
  async handle({ stores, caller, body }) {
    const wish = { current: body.current_password, next: body.new_password };
    const changed = await changePassword(stores, caller, wish);
    return isRefusal(changed) ? changed : { message: 'Password changed successfully' };
  },
});

export const listStaffEndpoint = endpoint({
  summary: 'Who there is',
  action: 'staff.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: z.array(STAFF),
  handle: async ({ stores }) => (await stores.records.staff.list()).map(staffView),
});

export const createStaffEndpoint = endpoint({
  summary: 'Make a person',
  action: 'staff.change',
  target: 'nothing',
  body: z.strictObject({ ...SETUP, role: ROLE, metadata: METADATA.nullish() }),
  query: NO_QUERY,
  answer: STAFF,
  async handle({ stores, caller, body }) {
    const complaint = complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const created = await createStaff(stores, caller, {
      email: body.email,
      displayName: body.display_name,
      password: body.password,
      role: roleFrom(body.role),
      metadata: body.metadata ?? undefined,
    });
    return isRefusal(created) ? created : staffView(created);
  },
});

export const updateStaffEndpoint = endpoint({
  summary: 'Change a person',
  action: 'staff.change',
  target: 'nothing',
  body: z.strictObject({
    display_name: z.string().nullish(),
    role: ROLE.nullish(),
    is_active: z.boolean().nullish(),
    metadata: METADATA.nullish(),
  }),
  query: NO_QUERY,
  answer: STAFF,
  async handle({ stores, caller, id, body }) {
    const complaint = complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const changed = await changeStaff(stores, caller, id, {
      ...(body.display_name ? { displayName: body.display_name } : {}),
      ...(body.role ? { role: roleFrom(body.role) } : {}),
      ...(typeof body.is_active === 'boolean' ? { active: body.is_active } : {}),
      ...(body.metadata ? { metadata: body.metadata } : {}),
    });
    return isRefusal(changed) ? changed : staffView(changed);
  },
});

export const deleteStaffEndpoint = endpoint({
  summary: 'Let a person in no more; all their sessions end',
  action: 'staff.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: SAID,
  async handle({ stores, caller, id }) {
    const changed = await changeStaff(stores, caller, id, { active: false });
    return isRefusal(changed)
      ? changed
      : { message: `User ${changed.email} deactivated successfully` };
  },
});

function roleFrom(given: z.output<typeof ROLE>): StaffRole {
  return given === 'user' ? 'viewer' : given;
}

function staffView(staff: Staff): Told<typeof STAFF> {
  return {
    user_id: staff.id,
    email: staff.email,
    display_name: staff.displayName,
    role: staff.role === 'viewer' ? 'user' : staff.role,
    is_active: staff.active,
    created_at: staff.createdAt.toISOString(),
    created_by: staff.createdBy,
    last_login: staff.lastSignInAt?.toISOString() ?? null,
    metadata: staff.metadata,
  };
}
