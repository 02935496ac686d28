import { describe, expect, test } from 'vitest';
import { readConfigText } from '../../src/config/file.ts';
import { litellmJwt } from '../../src/config/jwt-schema.ts';

const MODELS = `
models:
  gpt-4o: { max_output_tokens: 10, price: { input: 1, output: 2 }, deployments: [{ base_url: http://one/v1 }] }
access_groups:
  gpt-models: { models: [gpt-4o] }
`;
const KEYS = { JWT_PUBLIC_KEY_URL: 'https://issuer.example/keys' };
const read = (text: string, env: Readonly<Record<string, string>> = {}) =>
  readConfigText('test.yaml', MODELS + text, env);
const load = (text: string, env: Readonly<Record<string, string>> = {}) => {
  const result = read(text, env);
  if ('problems' in result) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.config;
};
const problems = (text: string, env: Readonly<Record<string, string>> = {}) => {
  const result = read(text, env);
  return 'problems' in result ? result.problems : [];
};
const litellm = (fields: string): string =>
  `general_settings:\n  enable_jwt_auth: true\n  litellm_jwtauth: ${fields}\n`;

test('without a word of it nobody signs in by JWT', () => {
  expect(load('').jwt).toBeUndefined();
  expect(load('general_settings: { enable_jwt_auth: false }\n', KEYS).jwt).toBeUndefined();
});

describe("LiteLLM's block", () => {
  test('is read, with its addresses from the environment and its defaults', () => {
    const config = load(
      litellm('{ team_id_jwt_field: "acme\\\\.com.team", team_id_upsert: true }') +
        'litellm_settings: { default_team_settings: [{ max_budget: 20, budget_duration: 30d }] }\n',
      {
        JWT_PUBLIC_KEY_URL: 'https://one.example/keys, http://127.0.0.1:8080/keys',
        JWT_AUDIENCE: 'us',
        JWT_ISSUER: 'https://one.example',
      },
    );
    expect(config.jwt).toMatchObject({
      trust: {
        publicKeyUrls: ['https://one.example/keys', 'http://127.0.0.1:8080/keys'],
        audiences: ['us'],
        issuers: ['https://one.example'],
        publicKeyTtlMs: 600_000,
      },
      signIn: {
        adminScope: 'litellm_proxy_admin',
        teamId: ['acme.com', 'team'],
        createsUsers: false,
        newTeam: {
          organizationId: 'default',
          limitPolicy: 'unlimited',
          models: ['*'],
          ceilings: [{ set: 'budget', duration: '30d', maxNanoUsd: 20_000_000_000n }],
        },
      },
    });
    expect(config.warnings).toEqual([]);
  });
  test('warns where neither audience nor issuer is asked for, or new teams have no budget', () => {
    const warnings = load(litellm('{ team_id_upsert: true }'), KEYS).warnings.join('\n');
    expect(warnings).toContain('no audience');
    expect(warnings).toContain('no issuer');
    expect(warnings).toContain('no budget');
  });
  test('keeps the warning of what else stands beside it', () => {
    const text = `${litellm('{}')}  master_key: sk-very-secret\n`;
    expect(load(text, KEYS).warnings[0]).toBe(
      'test.yaml: "general_settings" is LiteLLM\'s and has no effect here, but for enable_jwt_auth, litellm_jwtauth',
    );
  });
  test('with a field that is not known is refused, with the one that was meant', () => {
    expect(problems(litellm('{ team_id_jwt_fild: team }'), KEYS)).toMatchObject([
      { message: '"team_id_jwt_fild" is not known, did you mean "team_id_jwt_field"?' },
    ]);
  });
});

const UNSUPPORTED: readonly (readonly [field: string, value: string])[] = [
  ['team_alias_jwt_field', 'name'],
  ['org_alias_jwt_field', 'name'],
  ['end_user_id_jwt_field', 'sub'],
  ['enforce_team_based_model_access', 'false'],
  ['enforce_rbac', 'true'],
  ['roles_jwt_field', 'roles'],
  ['role_mappings', '[{ role: a }]'],
  ['object_id_jwt_field', 'oid'],
  ['public_allowed_routes', '[/v1/models]'],
  ['sync_user_role_and_teams', 'true'],
  ['jwt_litellm_role_map', '[{ a: b }]'],
  ['upsert_sso_user_to_team', 'false'],
  ['oidc_userinfo_enabled', 'true'],
  ['oidc_userinfo_endpoint', 'https://one.example/me'],
  ['oidc_userinfo_cache_ttl', '300'],
  ['virtual_key_claim_field', 'key'],
  ['virtual_key_mapping_cache_ttl', '300'],
  ['unregistered_jwt_client_behavior', 'reject'],
  ['custom_validate', 'a.b'],
  ['routing_overrides', '{ a: b }'],
  ['issuers', '[{ a: b }]'],
  ['fallback_to_db_teams', 'true'],
  ['team_claim_fallback', 'true'],
];

test.each(UNSUPPORTED)("LiteLLM's %s is refused with a reason, not ignored", (field, value) => {
  const found = problems(litellm(`{ ${field}: ${value} }`), KEYS);
  expect(found).toHaveLength(1);
  expect(found[0]?.path).toContain(field);
  expect(found[0]?.message).toMatch(/^(is not supported: |may only be ).{10}/);
});

/** As the fact sheet of LiteLLM's fields has them. */
const SUPPORTED: readonly string[] = `
  admin_jwt_scope admin_allowed_routes team_allowed_routes
  team_id_jwt_field team_ids_jwt_field team_id_default
  team_id_upsert user_id_jwt_field user_email_jwt_field
  user_id_upsert user_allowed_email_domain user_roles_jwt_field
  user_allowed_roles org_id_jwt_field scope_mappings
  enforce_scope_based_access public_key_ttl public_key_stale_ttl
`
  .trim()
  .split(/\s+/);

test("every field of LiteLLM's is either taken or refused", () => {
  const all: string[] = [...SUPPORTED, ...UNSUPPORTED.map(([field]) => field)];
  expect(Object.keys(litellmJwt.shape).sort()).toEqual(all.sort());
});

describe('our own block', () => {
  const own = (lines: string): string =>
    `jwt: { public_key_url: "https://issuer.example/keys", audience: us, issuer: them, ${lines} }\n`;
  test('makes no JWT an admin unless a scope is named', () => {
    expect(load(own('')).jwt?.signIn.adminScope).toBeUndefined();
  });
  test('needs keys, an audience and an issuer; "any" says that none is asked for', () => {
    expect(problems('jwt: {}\n').map(({ message }) => message)).toEqual([
      expect.stringContaining('JWT_PUBLIC_KEY_URL'),
      expect.stringContaining('JWT_AUDIENCE'),
      expect.stringContaining('JWT_ISSUER'),
    ]);
    const { jwt, warnings } = load('jwt: { audience: any, issuer: any }\n', KEYS);
    expect(jwt?.trust).toMatchObject({ audiences: undefined, issuers: undefined });
    expect(warnings).toHaveLength(2);
  });
  test.each(['http://issuer.example/keys', 'http://127.0.0.1.evil.org/keys', 'ftp://a/b', 'keys'])(
    'takes no keys over an open wire: %s',
    (url) => {
      const fromFile = `jwt: { public_key_url: "${url}", audience: us, issuer: them }\n`;
      expect(problems(fromFile)).toMatchObject([{ path: 'jwt.public_key_url' }]);
      const fromEnv = problems('jwt: { audience: us, issuer: them }\n', {
        JWT_PUBLIC_KEY_URL: url,
      });
      expect(fromEnv).toMatchObject([{ file: 'environment', path: 'JWT_PUBLIC_KEY_URL' }]);
    },
  );
  test.each(['none', 'HS256', 'RSA1_5'])('takes no algorithm that is not asymmetric: %s', (alg) => {
    expect(problems(own(`algorithms: [${alg}]`))).toMatchObject([
      { path: 'jwt.algorithms[0]', message: expect.stringContaining('RS256') },
    ]);
  });
  test.each([
    ['user_allowed_roles: [a]', 'user_roles_jwt_field'],
    ['user_roles_jwt_field: a', 'user_allowed_roles'],
    ['enforce_scope_based_access: true', 'scope_mappings'],
    ['scope_mappings: [{ scope: a }]', 'enforce_scope_based_access'],
    ['user_allowed_email_domain: acme.com', 'user_email_jwt_field'],
    ['user_id_upsert: true', 'user_id_jwt_field'],
    ['new_team: {}', 'team_id_upsert'],
  ])('says what is missing beside %s', (line, missing) => {
    expect(problems(own(line))).toMatchObject([{ message: expect.stringContaining(missing) }]);
  });
  test.each([
    ['team_allowed_routes: [openai_rutes]', 'did you mean "openai_routes"?'],
    [
      'team_id_upsert: true, new_team: { access_groups: [gpt-model] }',
      'did you mean "gpt-models"?',
    ],
    ['team_id_upsert: true, new_team: { models: [gpt-4o], budget_duration: soon }', 'duration'],
  ])('knows what was meant by %s', (line, words) => {
    expect(problems(own(line))).toMatchObject([{ message: expect.stringContaining(words) }]);
  });
  test("does not stand beside LiteLLM's", () => {
    expect(problems(own('') + litellm('{}'))).toMatchObject([{ path: 'jwt' }]);
  });
});
