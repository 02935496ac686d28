import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id as Slack writes them: a letter for the kind, then capitals and digits. */
export function slackId(kind: string, length = 10): string {
  const rest = Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return kind + rest.join('');
}

/** What nobody can guess: 192 bits, safe in an address. */
export function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Slack's short names for blocks and actions that were sent without one. */
export function shortName(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
