import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import type { Ceilings } from '../ceilings/ceilings.ts';
import { createHmac, randomBytes } from 'node:crypto';

/** What a client authenticates with, without its secret. */
export interface VirtualKey {
  readonly id: string;
  /** HMAC-SHA256 of the key under the server's pepper, in hex: the table is useless without it. */
  readonly hash: string;
  readonly teamId: string;
  readonly organizationId: string;
  readonly name: string;
  readonly lastFour: string;
  readonly status: KeyStatus;
  readonly expiresAt: Date | null;
  /** The secret before the last rotation: it works until the grace ends. */
  readonly previousHash: string | null;
  readonly previousLastFour: string | null;
  readonly previousUntil: Date | null;
  /** Whose key it is, for ever; null for a service. */
  readonly userId: string | null;
  /** Models it may use of its team's: names, groups, `prefix*`; empty for all of them. */
  readonly models: readonly string[];
  readonly modelAliases: Readonly<Record<string, string>>;
  /** Endpoints it may call; empty for all. */
  readonly endpoints: readonly string[];
  /** Addresses or CIDR ranges it may be used from; empty for anywhere. */
  readonly addresses: readonly string[];
  readonly tags: readonly string[];
  /** What it may at the management door beside what its owner's role may (core/permission). */
  readonly permissions: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly ceilings: Ceilings;
  readonly createdBy: string;
  readonly lastUsedAt: Date | null;
  readonly version: bigint;
  readonly createdAt: Date;
  /** When somebody changed it last. */
  readonly updatedAt: Date;
}

/** What a key begins with where nothing else is wished: it may do all that its team may. */
export const UNBOUND_KEY = {
  status: 'active',
  expiresAt: null,
  previousHash: null,
  previousLastFour: null,
  previousUntil: null,
  userId: null,
  models: [],
  modelAliases: {},
  endpoints: [],
  addresses: [],
  tags: [],
  permissions: [],
  metadata: {},
  ceilings: NO_CEILINGS,
  lastUsedAt: null,
} as const satisfies Partial<VirtualKey>;

export type KeyStatus = 'active' | 'blocked' | 'revoked';

export const KEY_PREFIX = 'sk-';
/** 192 random bits: not to be guessed, in 32 characters that a double click selects whole. */
const KEY_RANDOM_BYTES = 24;
/** Longer than any key of ours or of the systems that keys are brought over from. */
export const KEY_MAX_LENGTH = 256;

/** A new key: the only moment at which its secret exists outside of the client's hands. */
export function newSecretKey(): string {
  return KEY_PREFIX + randomBytes(KEY_RANDOM_BYTES).toString('hex');
}

/** What is stored and looked up in place of the key. */
export function hashOfKey(secretKey: string, pepper: string): string {
  return createHmac('sha256', pepper).update(secretKey).digest('hex');
}

/** The last four characters, to tell keys apart on a screen. */
export function lastFourOf(secretKey: string): string {
  return secretKey.slice(-4);
}

/** What is wrong with the shape of a key, or undefined if it may be one. Never repeats the key. */
export function complaintAboutKey(secretKey: string): string | undefined {
  if (secretKey !== secretKey.trim()) {
    return 'there are spaces around it';
  }
  if (!secretKey.startsWith(KEY_PREFIX)) {
    return `it does not begin with "${KEY_PREFIX}"`;
  }
  if (secretKey.length > KEY_MAX_LENGTH) {
    return `it has more than ${KEY_MAX_LENGTH} characters`;
  }
  return /^[\x21-\x7e]+$/.test(secretKey) ? undefined : 'it holds spaces or unprintable characters';
}
