// Keys that were brought over from another system, which knew the SHA-256 of each and not the key.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { bringKey } from '../../src/core/keys/brought-key.ts';
import { rotateKey, setKeyStatus } from '../../src/core/keys/change-key.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const SECRET = 'sk-AbC_dEf-0123456789xyz';
const DIGEST = createHash('sha256').update(SECRET).digest('hex');

let qm: Quartermaster;
let teamId: string;
beforeAll(async () => {
  qm = await startQuartermaster();
  teamId = (await qm.team()).id;
});
afterAll(async () => qm[Symbol.asyncDispose]());

async function bring(digest: string, team = teamId) {
  const wish = { teamId: team, name: 'CI', expiresAt: null, digest, lastFour: SECRET.slice(-4) };
  const brought = await bringKey(qm.stores, SYSTEM, wish);
  return isRefusal(brought) ? brought.refused : brought;
}

test('clients call with the key that they have, which is stored nowhere, not even as they had it', async () => {
  expect((await qm.call(SECRET)).status).toBe(401);
  const brought = await bring(DIGEST);
  expect(brought).toMatchObject({ repeated: false });
  expect((await qm.call(SECRET)).status).toBe(200);
  const rows = await qm.postgres.virtualKey.findMany({ where: { teamId } });
  expect(JSON.stringify(rows, (_name, value: unknown) => String(value))).not.toContain(DIGEST);
});

test('whoever holds the digest of a key holds no key', async () => {
  await bring(DIGEST);
  expect((await qm.call(`sk-${DIGEST}`)).status).toBe(401);
  expect((await qm.call(DIGEST)).status).toBe(401);
});

test('a key is brought once, and belongs to one team', async () => {
  const first = await bring(DIGEST);
  expect(await bring(DIGEST)).toEqual({ ...(first as object), repeated: true });
  const other = await qm.team({ id: 'another-team' });
  expect(await bring(DIGEST, other.id)).toBe('value_invalid');
  expect(await bring('A'.repeat(64))).toBe('value_invalid');
});

test('it is rotated with a grace, and blocked, like any other', async () => {
  const brought = (await bring(DIGEST)) as { readonly keyId: string };
  const rotated = await rotateKey(qm.stores, SYSTEM, { keyId: brought.keyId, graceMs: 60_000 });
  expect((await qm.call(SECRET)).status).toBe(200);
  const { secretKey } = rotated as { readonly secretKey: string };
  expect((await qm.call(secretKey)).status).toBe(200);
  await setKeyStatus(qm.stores, SYSTEM, { keyId: brought.keyId, status: 'blocked' });
  expect((await qm.call(SECRET)).status).toBe(401);
});
