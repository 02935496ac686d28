/** How JWTs are read, from our `jwt` block or LiteLLM's, and from the environment. */
import type { JwtTrust, SignInSettings } from '../core/sign-in/settings.ts';
import { claimPath } from '../core/sign-in/claims.ts';
import { isSafeKeyAddress } from '../core/sign-in/key-address.ts';
import { ROUTE_GROUPS } from '../core/sign-in/routes.ts';
import { SECOND_MS } from '../core/time.ts';
import { JWT_VARIABLES } from './environment.ts';
import { JWT_ALGORITHMS } from './jwt-schema.ts';
import type { JwtBlock } from './jwt-schema.ts';
import { newTeamOf, newTeamOfLitellm } from './jwt-new-team.ts';
import type { ConfigProblem } from './problems.ts';
import { suggestion } from './problems.ts';
import type { Environment } from './references.ts';
import type { ConfigFile } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** Whose JWTs are believed, and what they mean. */
export interface JwtConfig {
  readonly trust: JwtTrust;
  readonly signIn: SignInSettings;
}

export interface JwtRead {
  /** Undefined where JWTs are not accepted. */
  readonly jwt: JwtConfig | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** LiteLLM's, where its block says nothing. */
const LITELLM_ADMIN_SCOPE = 'litellm_proxy_admin';
const PUBLIC_KEY_TTL_SECONDS = 600;
/** An outage of the issuer this long is survived, and a withdrawn key believed at most as much longer. */
const PUBLIC_KEY_STALE_SECONDS = 3_600;
/** Clocks that are kept by NTP are closer. */
const CLOCK_TOLERANCE_SECONDS = 10;
/** Says in the file that no audience or issuer is asked for. */
const ANY = 'any';

/** Reads it from the file without its mistakes; none is added for what another may have caused. */
export function jwtOf(file: ConfigFile, env: Environment, source: YamlSource): JwtRead {
  const general = file.general_settings;
  const isLitellm = general?.enable_jwt_auth === true;
  if (file.jwt !== undefined && isLitellm) {
    const message = 'stands beside general_settings.enable_jwt_auth, keep one of them';
    return { jwt: undefined, problems: [source.problemAt(['jwt'], message)], warnings: [] };
  }
  if (file.jwt === undefined && !isLitellm) {
    return { jwt: undefined, problems: [], warnings: [] };
  }
  const block: JwtBlock = file.jwt ?? general?.litellm_jwtauth ?? {};
  const place = isLitellm ? ['general_settings', 'litellm_jwtauth'] : ['jwt'];
  return read({ block, place, isLitellm, file, env, source });
}

interface Reading {
  readonly block: JwtBlock;
  readonly place: readonly string[];
  readonly isLitellm: boolean;
  readonly file: ConfigFile;
  readonly env: Environment;
  readonly source: YamlSource;
}

function read(reading: Reading): JwtRead {
  const { block, isLitellm, env, source, file } = reading;
  const audiences = listOf(block.audience ?? env[JWT_VARIABLES.audience]);
  const issuers = listOf(block.issuer ?? env[JWT_VARIABLES.issuer]);
  const urls = addressesOf(reading);
  const team = isLitellm ? newTeamOfLitellm(file, source) : newTeamOf(block, file, source);
  const problems = [
    ...addressProblems(reading, urls),
    ...pairProblems(reading),
    ...routeProblems(reading),
    ...(block.team_id_upsert === true ? team.problems : []),
    ...(isLitellm ? [] : unnamed(reading, 'audience', audiences, JWT_VARIABLES.audience)),
    ...(isLitellm ? [] : unnamed(reading, 'issuer', issuers, JWT_VARIABLES.issuer)),
  ];
  const trust: JwtTrust = {
    publicKeyUrls: urls,
    audiences: anyOf(audiences),
    issuers: anyOf(issuers),
    algorithms: block.algorithms ?? JWT_ALGORITHMS,
    clockToleranceSeconds: block.clock_tolerance_seconds ?? CLOCK_TOLERANCE_SECONDS,
    publicKeyTtlMs: (block.public_key_ttl ?? PUBLIC_KEY_TTL_SECONDS) * SECOND_MS,
    publicKeyStaleMs: (block.public_key_stale_ttl ?? PUBLIC_KEY_STALE_SECONDS) * SECOND_MS,
  };
  const signIn = {
    ...meaningOf(block, isLitellm),
    newTeam: block.team_id_upsert === true ? team.newTeam : undefined,
  };
  const warnings = [
    ...unasked('audience', trust.audiences, 'any JWT of the issuer is accepted, also for others'),
    ...unasked('issuer', trust.issuers, 'only the key of a JWT is checked'),
    ...(block.team_id_upsert === true ? team.warnings : []),
  ].map((warning) => `${source.file}: ${warning}`);
  return { jwt: { trust, signIn }, problems, warnings };
}

function meaningOf(block: JwtBlock, isLitellm: boolean): Omit<SignInSettings, 'newTeam'> {
  const path = (text: string | undefined) => (text === undefined ? undefined : claimPath(text));
  const roles = path(block.user_roles_jwt_field);
  return {
    adminScope: block.admin_jwt_scope ?? (isLitellm ? LITELLM_ADMIN_SCOPE : undefined),
    adminRoutes: block.admin_allowed_routes ?? ['management_routes'],
    teamRoutes: block.team_allowed_routes ?? ['openai_routes', 'info_routes', 'job_routes'],
    teamId: path(block.team_id_jwt_field),
    teamIds: path(block.team_ids_jwt_field),
    defaultTeamId: block.team_id_default,
    userId: path(block.user_id_jwt_field),
    userEmail: path(block.user_email_jwt_field),
    createsUsers: block.user_id_upsert ?? false,
    emailDomain: block.user_allowed_email_domain,
    userRoles:
      roles === undefined ? undefined : { claim: roles, allowed: block.user_allowed_roles ?? [] },
    organizationId: path(block.org_id_jwt_field),
    scopes: block.scope_mappings?.map(({ scope, models = [], routes = [] }) => ({
      scope,
      models,
      routes,
    })),
  };
}

function addressesOf({ block, env }: Reading): string[] {
  const given = block.public_key_url ?? env[JWT_VARIABLES.publicKeyUrl]?.split(',');
  return listOf(given) ?? [];
}

function addressProblems({ block, place, source }: Reading, urls: readonly string[]) {
  const message =
    urls.length === 0
      ? `there is no address of public keys, give public_key_url or set ${JWT_VARIABLES.publicKeyUrl}`
      : 'an address of public keys is neither https:// nor http:// on this machine';
  if (urls.length > 0 && urls.every(isSafeKeyAddress)) {
    return [];
  }
  const isOfFile = block.public_key_url !== undefined;
  return [
    isOfFile || urls.length === 0
      ? source.problemAt(isOfFile ? [...place, 'public_key_url'] : place, message)
      : { file: 'environment', path: JWT_VARIABLES.publicKeyUrl, message },
  ];
}

/** Fields that mean something only together, or only with another. */
function pairProblems({ block, place, source }: Reading): ConfigProblem[] {
  const has = (field: keyof JwtBlock): boolean =>
    ![undefined, false].includes(block[field] as never);
  const together: readonly (readonly [keyof JwtBlock, keyof JwtBlock])[] = [
    ['user_roles_jwt_field', 'user_allowed_roles'],
    ['user_allowed_roles', 'user_roles_jwt_field'],
    ['scope_mappings', 'enforce_scope_based_access'],
    ['enforce_scope_based_access', 'scope_mappings'],
    ['user_allowed_email_domain', 'user_email_jwt_field'],
    ['user_id_upsert', 'user_id_jwt_field'],
    ['new_team', 'team_id_upsert'],
  ];
  return together
    .filter(([field, other]) => has(field) && !has(other))
    .map(([field, other]) =>
      source.problemAt([...place, field], `means nothing without ${other}, give both or neither`),
    );
}

function routeProblems({ block, place, source }: Reading): ConfigProblem[] {
  const lists: readonly (readonly [readonly PropertyKey[], readonly string[] | undefined])[] = [
    [['admin_allowed_routes'], block.admin_allowed_routes],
    [['team_allowed_routes'], block.team_allowed_routes],
    ...(block.scope_mappings ?? []).map(
      ({ routes }, at) => [['scope_mappings', at, 'routes'], routes] as const,
    ),
  ];
  return lists.flatMap(([where, routes = []]) =>
    routes.flatMap((route, at) =>
      route.startsWith('/') || ROUTE_GROUPS.includes(route)
        ? []
        : [
            source.problemAt(
              [...place, ...where, at],
              `"${route}" is neither a path nor a group of routes${suggestion(route, ROUTE_GROUPS)}`,
            ),
          ],
    ),
  );
}

function unnamed(
  { place, source }: Reading,
  field: string,
  values: readonly string[] | undefined,
  variable: string,
): ConfigProblem[] {
  const message = `needs ${field}: what JWTs for this server carry; set it or ${variable}, or write ${field}: ${ANY}`;
  return values === undefined ? [source.problemAt(place, message)] : [];
}

function unasked(what: string, values: readonly string[] | undefined, so: string): string[] {
  return values === undefined ? [`no ${what} of JWTs is asked for: ${so}`] : [];
}

/** Without what is empty; undefined where nothing is left. */
function listOf(given: string | readonly string[] | undefined): string[] | undefined {
  const all = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const list = all.map((each) => each.trim()).filter((each) => each !== '');
  return list.length === 0 ? undefined : list;
}

function anyOf(values: string[] | undefined): string[] | undefined {
  return values?.includes(ANY) === true ? undefined : values;
}
