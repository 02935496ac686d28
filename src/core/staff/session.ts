import { randomBytes } from 'node:crypto';
import { sha256 } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import { isPassword, wastePassword } from './password.ts';
import type { Staff } from './staff.ts';

/** As documented: a working day and the evening after. */
export const SESSION_MS = 24 * HOUR_MS;
export const SESSION_PREFIX = 'qms-';
const SECRET_BYTES = 32;

/** Five guesses in a quarter of an hour find no password that is one. */
const FAILURES_MAX = 5;
const FAILURES_MS = 15 * MINUTE_MS;

export interface SignedInStaff {
  readonly staff: Staff;
  /** The one moment at which it is known. */
  readonly secret: string;
}

/** Opens a session for who knows the password. Whether the address is known is not told. */
export async function signInStaff(
  stores: Stores,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<SignedInStaff | Refusal> {
  const { staff: records } = stores.records;
  const address = email.trim().toLowerCase();
  const now = new Date(stores.clock());
  const since = new Date(now.getTime() - FAILURES_MS);
  if ((await records.failures(address, since)) >= FAILURES_MAX) {
    return refuse('sign_in_throttled', { minutes: FAILURES_MS / MINUTE_MS });
  }
  const staff = await records.byEmail(address);
  const isRight =
    staff === undefined
      ? await wastePassword(password)
      : await isPassword(password, staff.passwordHash);
  if (staff === undefined || !isRight || !staff.active) {
    await records.noteFailure(address, now, since);
    return refuse('sign_in_failed');
  }
  await records.forgetFailures(address);
  return stores.records.change<SignedInStaff>(async (inside) => {
    const secret = await openSession(stores, inside.staff, staff.id);
    await inside.staff.update(staff.id, { lastSignInAt: now });
    await inside.audit.write({
      actor: { id: `api:${staff.email}`, door: 'api' },
      action: 'staff.signed_in',
      target: `staff:${staff.id}`,
    });
    return { staff: { ...staff, lastSignInAt: now }, secret };
  });
}

/** Answers the session's secret. */
export async function openSession(
  { clock }: Pick<Stores, 'clock'>,
  records: Stores['records']['staff'],
  staffId: string,
): Promise<string> {
  const secret = SESSION_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  const expiresAt = new Date(clock() + SESSION_MS);
  await records.openSession({ hash: sha256(secret), staffId, expiresAt });
  return secret;
}
