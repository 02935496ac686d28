// An identity provider: a real server with a key set, and JWTs signed with its keys.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

export const AUDIENCE = 'quartermaster';
export const ISSUER = 'https://issuer.example';

type Claims = Readonly<Record<string, unknown>>;

export interface Issuer extends AsyncDisposable {
  /** Of the key set. */
  readonly url: string;
  /** Of the discovery document. */
  readonly discoveryUrl: string;
  /** How often the key set was asked for. */
  fetches(): number;
  /** Whether it answers. */
  isUp: boolean;
  /** What the server answers in place of the key set. */
  instead: string | undefined;
  /** Signs with a new key from now on, which is published at once or not; answers its id. */
  rotate(wish?: { readonly published?: boolean; readonly keepsOld?: boolean }): Promise<string>;
  /** A JWT that is valid for this server, but for what these say. */
  sign(claims?: Claims, header?: Claims): Promise<string>;
  readonly publicJwk: () => JWK;
}

const LIFE_SECONDS = 3_600;

export async function startIssuer(): Promise<Issuer> {
  let published: JWK[] = [];
  let key: { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK };
  let made = 0;
  let fetches = 0;
  const server = createServer((req, res) => {
    if (!issuer.isUp) {
      res.destroy();
      return;
    }
    res.setHeader('content-type', 'application/json');
    if (req.url?.startsWith('/.well-known/') === true) {
      res.end(JSON.stringify({ issuer: ISSUER, jwks_uri: issuer.url }));
      return;
    }
    fetches += 1;
    res.end(issuer.instead ?? JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url: `${origin}/keys`,
    discoveryUrl: `${origin}/.well-known/openid-configuration`,
    fetches: () => fetches,
    isUp: true,
    instead: undefined,
    publicJwk: () => key.jwk,
    async rotate({ published: isPublished = true, keepsOld = true } = {}) {
      made += 1;
      const kid = `key-${made}`;
      const pair = await generateKeyPair('ES256', { extractable: true });
      const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' };
      key = { kid, privateKey: pair.privateKey, jwk };
      published = [...(keepsOld ? published : []), ...(isPublished ? [jwk] : [])];
      return kid;
    },
    sign: async (claims = {}, header = {}) => {
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const all = {
        iss: ISSUER,
        aud: AUDIENCE,
        iat: nowSeconds,
        exp: nowSeconds + LIFE_SECONDS,
        ...claims,
      };
      return new SignJWT(JSON.parse(JSON.stringify(all)) as Record<string, unknown>)
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  await issuer.rotate();
  return issuer;
}

/** A configuration that serves one model and trusts this issuer; `jwt` adds lines to that block. */
export function configWithJwt(issuer: Issuer, jwt: string): string {
  return `
models:
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  gpt-4o-mini: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
access_groups:
  gpt-models: { models: [gpt-4o, gpt-4o-mini] }
jwt:
  public_key_url: ${issuer.url}
  audience: ${AUDIENCE}
  issuer: ${ISSUER}
${jwt
  .trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;
}
