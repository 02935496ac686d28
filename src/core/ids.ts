import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';

/** Long enough for any naming scheme, short enough for a Slack line and a Redis key. */
export const ID_MAX_LENGTH = 64;
/** A display name; Slack headers hold 150. */
export const NAME_MAX_LENGTH = 120;

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
// Control characters and the invisible direction marks with which one name can pose as another.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** What is wrong with an id that people chose (organization, team), or undefined if nothing is. */
export function complaintAboutId(id: string): string | undefined {
  if (id === '') {
    return 'it is empty';
  }
  if (id.length > ID_MAX_LENGTH) {
    return `it has ${id.length} characters, at most ${ID_MAX_LENGTH} are allowed`;
  }
  if (!ID.test(id)) {
    return 'only letters, digits, ".", "_" and "-" are allowed, and the first must be a letter or digit';
  }
  return undefined;
}

/** What is wrong with a display name, or undefined if nothing is. */
export function complaintAboutName(name: string): string | undefined {
  if (name.trim() === '') {
    return 'it is empty';
  }
  if (name.length > NAME_MAX_LENGTH) {
    return `it has ${name.length} characters, at most ${NAME_MAX_LENGTH} are allowed`;
  }
  return UNPRINTABLE.test(name) ? 'it holds characters that cannot be seen' : undefined;
}

/**
 * A new id for what nobody names by hand: a UUIDv7, the time of its making in milliseconds and 74 random bits. So ids
 * sort by age, and usage events stand in their month by their id alone.
 */
export function newId(): string {
  return randomUUIDv7();
}

/** The least that an id of {@link newId} made at a moment can be: ids before it are older. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id of {@link newId} was made; undefined for ids of another kind. */
export function timeOfId(id: string): Date | undefined {
  const [, high = '', low = ''] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id) ?? [];
  return high === '' ? undefined : new Date(Number.parseInt(high + low, 16));
}

/** 128 random bits, URL-safe: for secrets in links and request ids. */
export function randomText(): string {
  return randomBytes(16).toString('base64url');
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
