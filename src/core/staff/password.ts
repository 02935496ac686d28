// Passwords are kept by scrypt, with the cost beside the hash, so that it can rise.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export const PASSWORD_MIN_LENGTH = 8;
/** Longer than anybody remembers; hashing is paid by the server. */
export const PASSWORD_MAX_LENGTH = 256;

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 32 MiB and some 60 ms for each try: OWASP's advice for scrypt (N = 2^15, r = 8, p = 3 or more memory). */
const COST = { N: 32_768, r: 8, p: 3 };
const MEMORY_MAX_BYTES = 64 * 1024 * 1024;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Takes as long whatever was sent. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, n, r, p, salt = '', hash = ''] = kept.split('$');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), cost), expected);
}

/** What an unknown address is compared with, so that it takes as long as a known one. */
export async function wastePassword(password: string): Promise<false> {
  await derive(password, randomBytes(SALT_BYTES), COST);
  return false;
}

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: MEMORY_MAX_BYTES };
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
