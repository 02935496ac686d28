import { createHmac } from 'node:crypto';
import OpenAI, { AuthenticationError, PermissionDeniedError } from 'openai';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setKeyStatus } from '../../src/core/keys/change-key.ts';
import { isSignInKey } from '../../src/core/keys/sign-in-key.ts';
import { REFUSALS } from '../../src/core/refusals.ts';
import { CALLER_REFUSALS } from '../../src/core/refusals/caller.ts';
import { anthropicType } from '../../src/proxy/messages/words.ts';
import { configWithJwt, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let issuer: Issuer;
let qm: Quartermaster;
let teamId: string;
beforeAll(async () => {
  issuer = await startIssuer();
  const configText = configWithJwt(
    issuer,
    `
team_id_jwt_field: acme.team
team_ids_jwt_field: groups
user_id_jwt_field: sub
org_id_jwt_field: org
user_id_upsert: true
scope_mappings: [{ scope: all }, { scope: small, models: [gpt-4o-mini] }, { scope: look, routes: [/v1/models] }]
enforce_scope_based_access: true
`,
  );
  qm = await startQuartermaster({ configText });
  ({ id: teamId } = await qm.team({ terms: { budgetMode: 'consumption_usd' } }));
});
afterAll(async () => {
  await qm[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const claims = (more: object = {}): Record<string, unknown> => ({
  acme: { team: teamId },
  scope: 'openid all',
  ...more,
});
const told = async (jwt: string, body: object = {}) => {
  const response = await qm.call(jwt, body);
  const json = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...json.error };
};
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

describe('a JWT', () => {
  test('calls for the team of its claim, and is charged to it', async () => {
    const jwt = await issuer.sign(claims({ sub: 'ann@acme.com' }));
    const response = await qm.call(jwt);
    expect(response.status).toBe(200);
    await response.text();
    await qm.drain();
    const [event] = await qm.postgres.usageEvent.findMany({ where: { teamId } });
    expect(event).toMatchObject({ teamId, userId: 'ann@acme.com' });
    expect(await qm.drift(teamId)).toBe(0n);
  });
  test('stands for one key record of its person, however many come and on whichever proxy', async () => {
    const another = await qm.anotherProxy();
    const call = async (url: string, jwt: string) =>
      fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${jwt}` } });
    const jwts = await Promise.all(
      [1, 2, 3, 4].map(async (jti) => issuer.sign(claims({ sub: 'bob', jti: String(jti) }))),
    );
    const answers = await Promise.all(
      jwts.flatMap((jwt) => [call(qm.url, jwt), call(another.url, jwt)]),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await another.close();
    const keys = (await qm.stores.records.keys.ofTeam(teamId)).filter(
      (key) => key.userId === 'bob',
    );
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ name: 'jwt:bob', lastFour: 'jwt', tags: ['jwt'] });
    expect(keys.every(isSignInKey)).toBe(true);
  });
  test('without a person calls for the team alone', async () => {
    expect(await told(await issuer.sign(claims()))).toMatchObject({ status: 200 });
  });
  test('lists the models of its team', async () => {
    const client = new OpenAI({
      apiKey: await issuer.sign(claims({ sub: 'ann@acme.com' })),
      baseURL: `${qm.url}/v1`,
    });
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['gpt-4o', 'gpt-4o-mini']);
  });
  test('whose key record is blocked is refused on the next request, although it is remembered', async () => {
    const jwt = await issuer.sign(claims({ sub: 'eve' }));
    expect(await told(jwt)).toMatchObject({ status: 200 });
    const keys = await qm.stores.records.keys.ofTeam(teamId);
    const keyId = keys.find((key) => key.userId === 'eve')?.id ?? '';
    await setKeyStatus(qm.stores, SYSTEM, { keyId, status: 'blocked' });
    expect(await told(jwt)).toMatchObject({ status: 401, code: 'key_blocked' });
    await setKeyStatus(qm.stores, SYSTEM, { keyId, status: 'active' });
    expect(await told(jwt)).toMatchObject({ status: 200 });
  });
  test('does no harm to virtual keys, which call beside it', async () => {
    const { secretKey } = await qm.team();
    expect(await told(secretKey)).toMatchObject({ status: 200 });
  });
});

describe('the team', () => {
  const withTeam = async (jwt: string, team: string) => {
    const response = await fetch(`${qm.url}/v1/models`, {
      headers: { authorization: `Bearer ${jwt}`, 'x-litellm-team-id': team },
    });
    return { status: response.status, text: await response.text() };
  };
  test('is the first of the groups that exists, in the order of the issuer', async () => {
    const jwt = await issuer.sign({ groups: ['staff', teamId, 'other'], scope: 'all', sub: 'gus' });
    expect(await told(jwt)).toMatchObject({ status: 200 });
  });
  test('is the one that the header names, if it is among those of the JWT', async () => {
    const other = await qm.team();
    const jwt = await issuer.sign(claims({ groups: [other.id], sub: 'pat' }));
    expect((await withTeam(jwt, other.id)).status).toBe(200);
    expect((await withTeam(jwt, teamId)).status).toBe(200);
    const keys = await qm.stores.records.keys.ofTeam(other.id);
    expect(keys.filter((key) => key.userId === 'pat')).toHaveLength(1);
    const refused = await withTeam(jwt, 'team-of-others');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("is not in your JWT's allowed teams");
  });
  test('must be named', async () => {
    expect(await told(await issuer.sign({ scope: 'all' }))).toMatchObject({
      status: 403,
      code: 'jwt_team_missing',
      message: expect.stringContaining('acme.team'),
    });
  });
  test('must exist, and the class of the official client says so', async () => {
    const apiKey = await issuer.sign(claims({ acme: { team: 'nowhere' } }));
    const client = new OpenAI({ apiKey, baseURL: `${qm.url}/v1`, maxRetries: 0 });
    const error = await client.models.list().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ code: 'jwt_team_unknown' });
  });
  test('must belong to the organization that the JWT names', async () => {
    const right = await issuer.sign(claims({ org: 'acme', sub: 'ora' }));
    expect(await told(right)).toMatchObject({ status: 200 });
    const wrong = await issuer.sign(claims({ org: 'globex', sub: 'ora' }));
    expect(await told(wrong)).toMatchObject({ status: 403, code: 'jwt_denied' });
    const wrongAndNew = await issuer.sign(claims({ org: 'globex', sub: 'oscar' }));
    expect(await told(wrongAndNew)).toMatchObject({ status: 403, code: 'jwt_denied' });
  });
});

describe('scopes', () => {
  test('confine to their models', async () => {
    const jwt = await issuer.sign(claims({ scope: ['small'], sub: 'ann@acme.com' }));
    expect(await told(jwt, { model: 'gpt-4o-mini' })).toMatchObject({ status: 200 });
    expect(await told(jwt)).toMatchObject({ status: 403, code: 'model_not_allowed' });
  });
  test('confine to their routes', async () => {
    const jwt = await issuer.sign(claims({ scope: 'look' }));
    const headers = { authorization: `Bearer ${jwt}` };
    expect((await fetch(`${qm.url}/v1/models`, { headers })).status).toBe(200);
    expect(await told(jwt)).toMatchObject({ status: 403, code: 'jwt_denied' });
  });
  test('are needed', async () => {
    const jwt = await issuer.sign(claims({ scope: 'openid email' }));
    expect(await told(jwt)).toMatchObject({ status: 403, code: 'jwt_denied' });
  });
});

describe('what is no valid JWT is refused with 401, without a word of it', () => {
  const complaint = async (jwt: string): Promise<string> => {
    const { status, code, message = '' } = await told(jwt);
    expect({ status, code }).toEqual({ status: 401, code: 'jwt_invalid' });
    const parts = jwt.split('.').filter((each) => each !== '');
    expect(parts.filter((part) => message.includes(part))).toEqual([]);
    return message;
  };
  test('expired', async () => {
    const exp = nowSeconds() - 60;
    const jwt = await issuer.sign(claims({ exp }));
    expect(await complaint(jwt)).toContain(`it expired at ${new Date(exp * 1_000).toISOString()}`);
  });
  test('not yet valid', async () => {
    expect(await complaint(await issuer.sign(claims({ nbf: nowSeconds() + 600 })))).toContain(
      'not valid before',
    );
  });
  test('without an end', async () => {
    expect(await complaint(await issuer.sign(claims({ exp: undefined })))).toContain(
      'it never expires',
    );
  });
  test('of another audience', async () => {
    expect(await complaint(await issuer.sign(claims({ aud: 'elsewhere' })))).toContain(
      'another audience',
    );
  });
  test('of another issuer', async () => {
    expect(await complaint(await issuer.sign(claims({ iss: 'https://else.example' })))).toContain(
      'another issuer',
    );
  });
  test('changed after it was signed', async () => {
    const [header = '', , signature = ''] = (await issuer.sign(claims())).split('.');
    const [, body = ''] = (await issuer.sign(claims({ sub: 'somebody else' }))).split('.');
    expect(await complaint([header, body, signature].join('.'))).toContain('its signature');
  });
  test('of a key that the issuer does not publish', async () => {
    expect(await complaint(await issuer.sign(claims(), { kid: 'stranger' }))).toContain(
      'does not publish',
    );
  });
  test('unsigned, by the algorithm none', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = { ...claims(), iss: 'https://issuer.example', aud: 'quartermaster' };
    const all = { ...body, exp: nowSeconds() + 600 };
    expect(await complaint(`${part({ alg: 'none' })}.${part(all)}.`)).toContain(
      'its algorithm is not one of',
    );
  });
  test('signed by HS256 with the public key as the secret', async () => {
    const kid = issuer.publicJwk().kid ?? '';
    const publicKey = (await importJWK(issuer.publicJwk(), 'ES256', {
      extractable: true,
    })) as CryptoKey;
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(issuer.publicJwk())]) {
      const jwt = await new SignJWT({ ...claims(), exp: nowSeconds() + 600 })
        .setProtectedHeader({ alg: 'HS256', kid })
        .setIssuer('https://issuer.example')
        .setAudience('quartermaster')
        .sign(Buffer.from(secret));
      expect(await complaint(jwt)).toContain('its algorithm is not one of');
    }
  });
  test('no JWT at all, and by the class of the official client', async () => {
    const apiKey = 'eyJub3RoaW5n.bm90aGluZw.bm90aGluZw';
    expect(await complaint(apiKey)).toContain('not a well-formed JWT');
    const client = new OpenAI({ apiKey, baseURL: `${qm.url}/v1`, maxRetries: 0 });
    await expect(client.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  });
  test('longer than any', async () => {
    expect(await complaint(await issuer.sign(claims({ ballast: 'x'.repeat(18_000) })))).toContain(
      'more than 16384',
    );
  });
  test('of 64 KB, by whatever door it comes to', async () => {
    const answer = await told(await issuer.sign(claims({ ballast: 'x'.repeat(64 * 1024) })));
    expect(answer).toMatchObject({ status: 431, code: 'headers_too_large' });
  });
});

/** How each refusal of a JWT comes about. */
const JWT_WAYS: Readonly<Record<string, () => Promise<string>>> = {
  jwt_invalid: async () => issuer.sign(claims({ exp: nowSeconds() - 60 })),
  jwt_keys_unavailable: async () => issuer.sign(claims()),
  jwt_team_missing: async () => issuer.sign({ scope: 'all' }),
  jwt_team_unknown: async () => issuer.sign(claims({ acme: { team: 'nowhere' } })),
  jwt_team_not_listed: async () => issuer.sign(claims()),
  jwt_denied: async () => issuer.sign(claims({ scope: 'openid email' })),
};

describe('each refusal of a JWT is one decision in two dialects', () => {
  test.each(Object.entries(JWT_WAYS))('%s', async (code, way) => {
    const jwt = await way();
    // Of its own, so that it has never seen the issuer's keys.
    const proxy = await qm.anotherProxy();
    issuer.isUp = code !== 'jwt_keys_unavailable';
    const team = code === 'jwt_team_not_listed' ? { 'x-litellm-team-id': 'of-others' } : {};
    const send = async (path: string) => {
      const response = await fetch(proxy.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json', ...team },
        body: JSON.stringify({
          model: 'gpt-4o',
          max_tokens: 16,
          messages: [{ role: 'user', content: 'hi' }],
        }),
      });
      return { status: response.status, body: await response.json() };
    };
    try {
      const { status, type } = REFUSALS[code as keyof typeof REFUSALS];
      expect(await send('/v1/chat/completions')).toMatchObject({
        status,
        body: { error: { code, type } },
      });
      expect(await send('/v1/messages')).toMatchObject({
        status,
        body: { type: 'error', error: { code, type: anthropicType(status) } },
      });
    } finally {
      issuer.isUp = true;
      await proxy.close();
    }
  });
  test('none is left out', () => {
    const codes = Object.keys(CALLER_REFUSALS).filter((code) => code.startsWith('jwt_'));
    expect(Object.keys(JWT_WAYS).toSorted()).toEqual(codes.toSorted());
  });
});

test('no client can send the key of somebody who signs in by JWT', async () => {
  await told(await issuer.sign(claims({ sub: 'ann@acme.com' })));
  const keys = await qm.stores.records.keys.ofTeam(teamId);
  const { hash = '', id = '' } = keys.find((key) => key.userId === 'ann@acme.com') ?? {};
  const identity = `jwt:${JSON.stringify([teamId, 'ann@acme.com', []])}`;
  const unkeyed = createHmac('sha256', '').update(identity).digest('hex');
  for (const guess of [hash, id, identity, unkeyed, `sk-${hash}`, `sk-${identity}`]) {
    expect((await told(guess)).status).toBe(401);
  }
});
