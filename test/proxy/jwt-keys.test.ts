import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JwtTrust } from '../../src/core/sign-in/settings.ts';
import { createVerify } from '../../src/identity-provider/verify.ts';
import { AUDIENCE, ISSUER, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';

const TTL_MS = 600_000;
const STALE_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Longer than a fetch that failed is waited with. */
const RETRY_MS = 10_000;

let issuer: Issuer;
let nowMs: number;
let complaints: unknown[];
beforeEach(async () => {
  issuer = await startIssuer();
  nowMs = Date.now();
  complaints = [];
});
afterEach(async () => issuer[Symbol.asyncDispose]());

const verifier = (trust: Partial<JwtTrust> = {}) => {
  const all: JwtTrust = {
    publicKeyUrls: [issuer.url],
    audiences: [AUDIENCE],
    issuers: [ISSUER],
    algorithms: ['ES256'],
    clockToleranceSeconds: 0,
    publicKeyTtlMs: TTL_MS,
    publicKeyStaleMs: STALE_MS,
    ...trust,
  };
  return createVerify(all, {
    clock: () => nowMs,
    onComplaint: (error) => complaints.push(error),
  });
};
const accepted = { claims: expect.objectContaining({ sub: 'ann' }) };
/** Lives longer than these tests move the time. */
const sign = async (header: object = {}) =>
  issuer.sign({ sub: 'ann', exp: Math.floor(Date.now() / 1_000) + 86_400 }, { ...header });

describe('the keys of an issuer', () => {
  test('are fetched once for all who need them, and again when they are old', async () => {
    const verify = verifier();
    const jwts = await Promise.all([1, 2, 3, 4, 5].map(async () => sign()));
    expect(await Promise.all(jwts.map(verify))).toEqual(jwts.map(() => expect.anything()));
    expect(issuer.fetches()).toBe(1);
    nowMs += TTL_MS - 1;
    expect(await verify(await sign())).toMatchObject(accepted);
    expect(issuer.fetches()).toBe(1);
    nowMs += 1;
    expect(await verify(await sign())).toMatchObject(accepted);
    expect(issuer.fetches()).toBe(2);
  });
  test('are found by its discovery document', async () => {
    const verify = verifier({ publicKeyUrls: [issuer.discoveryUrl] });
    expect(await verify(await sign())).toMatchObject(accepted);
  });
  test('may be at several addresses, one of which is down', async () => {
    const verify = verifier({ publicKeyUrls: ['http://127.0.0.1:9/keys', issuer.url] });
    expect(await verify(await sign())).toMatchObject(accepted);
    expect(complaints).toHaveLength(1);
    expect(await verify(await sign({ kid: 'unknown' }))).toMatchObject({
      refused: 'jwt_keys_unavailable',
    });
  });
});

describe('a new key', () => {
  test('is fetched with the first JWT that names it', async () => {
    const verify = verifier();
    await verify(await sign());
    await issuer.rotate();
    expect(await verify(await sign())).toMatchObject(accepted);
    expect(issuer.fetches()).toBe(2);
  });
  test('that nobody published costs one fetch a minute at most', async () => {
    const verify = verifier();
    await verify(await sign());
    const unknown = await sign({ kid: 'made-up' });
    for (const moment of [0, 1, MINUTE_MS - 2]) {
      nowMs += moment;
      expect(await verify(unknown)).toMatchObject({ refused: 'jwt_invalid' });
    }
    expect(issuer.fetches()).toBe(2);
    nowMs += 1;
    await verify(unknown);
    expect(issuer.fetches()).toBe(3);
    expect(await verify(await sign())).toMatchObject(accepted);
  });
});

test('a key that the issuer withdrew is believed no longer than the set', async () => {
  const verify = verifier();
  const jwt = await sign();
  expect(await verify(jwt)).toMatchObject(accepted);
  await issuer.rotate({ keepsOld: false });
  nowMs += TTL_MS;
  expect(await verify(jwt)).toMatchObject({ refused: 'jwt_invalid' });
});

describe('while the issuer is down', () => {
  test('the keys that were fetched go on, for a time that has an end', async () => {
    const verify = verifier();
    const jwt = await sign();
    await verify(jwt);
    issuer.isUp = false;
    nowMs += TTL_MS;
    expect(await verify(jwt)).toMatchObject(accepted);
    nowMs += STALE_MS - 1;
    expect(await verify(jwt)).toMatchObject(accepted);
    nowMs += 1;
    expect(await verify(jwt)).toMatchObject({ refused: 'jwt_keys_unavailable' });
    issuer.isUp = true;
    nowMs += RETRY_MS;
    expect(await verify(jwt)).toMatchObject(accepted);
  });
  test('it is not asked again at once, and nobody is let in without its keys', async () => {
    issuer.isUp = false;
    const verify = verifier();
    const jwt = await sign();
    expect(await verify(jwt)).toMatchObject({ refused: 'jwt_keys_unavailable' });
    // One for the set, one for the key that is not in it.
    const complained = complaints.length;
    expect(complained).toBeLessThanOrEqual(2);
    expect(await verify(jwt)).toMatchObject({ refused: 'jwt_keys_unavailable' });
    expect(complaints).toHaveLength(complained);
  });
});

describe('an answer that is no key set', () => {
  test.each([
    ['no JSON', '<html>'],
    ['something else', '{"error":"not found"}'],
    ['endless', `{"keys":[],"x":"${'x'.repeat(300_000)}"}`],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) })],
    [
      'a discovery document that leads to plain HTTP elsewhere',
      '{"jwks_uri":"http://issuer.example/keys"}',
    ],
  ])('is not believed: %s', async (_what, instead) => {
    issuer.instead = instead;
    const verify = verifier();
    expect(await verify(await sign())).toMatchObject({ refused: 'jwt_keys_unavailable' });
    expect(String(complaints[0])).toContain('Fetching public keys');
  });
});
