import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { refuse } from '../../src/core/refusals.ts';
import type { Refusal } from '../../src/core/refusals.ts';
import type { SignedIn } from '../../src/core/sign-in/sign-in.ts';
import { createVerify } from '../../src/identity-provider/verify.ts';
import { createJwtCallers } from '../../src/proxy/jwt-callers.ts';
import type { IdentifyJwt } from '../../src/proxy/jwt-callers.ts';
import { AUDIENCE, ISSUER, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';

const REMEMBER_MS = 600_000;
const IDENTITY = {
  hash: 'hash',
  lastFour: 'jwt',
  keyId: 'key',
  teamId: 'team',
  organizationId: 'acme',
  userId: undefined,
};

let issuer: Issuer;
let nowMs: number;
let signIns: (string | undefined)[];
let answer: SignedIn | Refusal;
let identify: IdentifyJwt;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(async () => issuer[Symbol.asyncDispose]());
beforeEach(() => {
  nowMs = Date.now();
  signIns = [];
  answer = { identity: IDENTITY, routes: undefined };
  const clock = (): number => nowMs;
  const trust = {
    publicKeyUrls: [issuer.url],
    audiences: [AUDIENCE],
    issuers: [ISSUER],
    algorithms: ['ES256'],
    clockToleranceSeconds: 0,
    publicKeyTtlMs: REMEMBER_MS,
    publicKeyStaleMs: 0,
  };
  identify = createJwtCallers({
    verify: createVerify(trust, { clock, onComplaint: () => undefined }),
    signIn: async (_claims, wishedTeam) => {
      signIns.push(wishedTeam);
      return answer;
    },
    routes: ['openai_routes'],
    rememberMs: REMEMBER_MS,
    clock,
  });
});

function callFor(team?: string): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  req.url = '/v1/chat/completions?x=1';
  req.method = 'POST';
  req.headers = team === undefined ? {} : { 'x-litellm-team-id': team };
  return req;
}
const signed = async (lifeSeconds: number) =>
  issuer.sign({ exp: Math.floor(nowMs / 1_000) + lifeSeconds });

test('a JWT is remembered, and answered at once', async () => {
  const jwt = await signed(3_600);
  expect(await identify(jwt, callFor())).toBe(IDENTITY);
  expect(identify(jwt, callFor())).toBe(IDENTITY);
  expect(signIns).toHaveLength(1);
});

test('many who send the same JWT at once are one sign-in', async () => {
  const jwt = await signed(3_600);
  const all = await Promise.all(Array.from({ length: 50 }, async () => identify(jwt, callFor())));
  expect(new Set(all)).toEqual(new Set([IDENTITY]));
  expect(signIns).toHaveLength(1);
});

test('a JWT is not remembered longer than it is valid', async () => {
  const jwt = await signed(30);
  expect(await identify(jwt, callFor())).toBe(IDENTITY);
  nowMs += 31_000;
  expect(await identify(jwt, callFor())).toMatchObject({ refused: 'jwt_invalid' });
});

test('a JWT is verified again when the keys of its issuer are old', async () => {
  const jwt = await signed(3_600);
  await identify(jwt, callFor());
  nowMs += REMEMBER_MS;
  await identify(jwt, callFor());
  expect(signIns).toHaveLength(2);
});

test('for another team it is another sign-in', async () => {
  const jwt = await signed(3_600);
  for (const team of ['one', 'two', undefined, 'one', 'two', undefined]) {
    await identify(jwt, callFor(team));
  }
  expect(signIns).toEqual(['one', 'two', undefined]);
});

test('one that stands for nobody is looked up once a second at most', async () => {
  answer = refuse('jwt_team_unknown', { team: 'nowhere' });
  const jwt = await signed(3_600);
  await identify(jwt, callFor());
  expect(await identify(jwt, callFor())).toMatchObject({ refused: 'jwt_team_unknown' });
  expect(signIns).toHaveLength(1);
  answer = { identity: IDENTITY, routes: undefined };
  nowMs += 1_000;
  expect(await identify(jwt, callFor())).toBe(IDENTITY);
});
