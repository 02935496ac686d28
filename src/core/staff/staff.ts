/** A person of the operator who signs in with a password. */
export interface Staff {
  readonly id: string;
  /** In small letters. */
  readonly email: string;
  readonly displayName: string;
  readonly role: StaffRole;
  readonly passwordHash: string;
  readonly active: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

export const STAFF_ROLES = ['owner', 'admin', 'viewer'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export interface StaffSession {
  /** SHA-256 of the secret. */
  readonly hash: string;
  readonly staffId: string;
  readonly expiresAt: Date;
}

export interface StaffRecords {
  find(id: string): Promise<Staff | undefined>;
  byEmail(email: string): Promise<Staff | undefined>;
  /** In the order of their making. */
  list(): Promise<Staff[]>;
  /** False if the address is taken. */
  insert(staff: Omit<Staff, 'createdAt' | 'lastSignInAt'>): Promise<boolean>;
  update(id: string, change: Partial<Omit<Staff, 'id' | 'createdAt' | 'createdBy'>>): Promise<void>;
  /** Lets nobody else change who there is until this change is over. */
  lock(): Promise<void>;
  openSession(session: StaffSession): Promise<void>;
  /** Who signed in by it; undefined where it ended. */
  bySession(hash: string, at: Date): Promise<Staff | undefined>;
  endSession(hash: string): Promise<void>;
  endSessionsOf(staffId: string): Promise<void>;
  /** How many wrong passwords came for this address since a moment, this one included. */
  noteFailure(email: string, at: Date, since: Date): Promise<number>;
  failures(email: string, since: Date): Promise<number>;
  forgetFailures(email: string): Promise<void>;
}
