import { resolve } from 'node:path';
import { complaintAboutAddresses } from '../core/keys/address.ts';
import type { ConfigProblem } from './problems.ts';
import { suggestion } from './problems.ts';
import type { Environment } from './references.ts';
import { Secret } from './secret.ts';

export type Role = 'api' | 'proxy' | 'bot' | 'worker';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How Slack reaches the bot, and the bot Slack. */
export interface SlackSettings {
  readonly botToken: Secret | undefined;
  readonly appToken: Secret | undefined;
  readonly signingSecret: Secret | undefined;
  /** Slack's own address where it is not given. */
  readonly apiUrl: string | undefined;
  readonly mode: 'socket' | 'http';
  /** Where signed requests are awaited, in the mode `http`. */
  readonly httpPort: number;
}

/** What the page of a reveal link asks for beside the link itself. */
export interface RevealSettings {
  readonly passphrase: Secret | undefined;
  /** The header in which the proxy in front names the person who is signed in. */
  readonly signOnHeader: string | undefined;
  /** Whose word in that header is taken, as addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
}

/** What the environment says. */
export interface EnvironmentConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Begins every key in Redis, so that two installations may share one. */
  readonly gateNamespace: string;
  readonly host: string;
  readonly port: number;
  /** Where clients and people reach us, without a slash at its end. */
  readonly publicUrl: string;
  /** Whose X-Forwarded-For is believed, as addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
  readonly adminKey: Secret;
  readonly keyPepper: Secret;
  /** Seal the secrets that rest in the database: the first one seals, all of them open. */
  readonly masterKeys: readonly Secret[];
  /** Absolute path of the folder for data. */
  readonly home: string;
  readonly logLevel: LogLevel;
  readonly slack: SlackSettings;
  readonly reveal: RevealSettings;
}

const DEFAULT_PORT = 4000;
const DEFAULT_SLACK_PORT = 3000;
const LAST_PORT = 65_535;
/** 16 characters of base64 are 96 bits: out of reach of guessing over the network. */
const MIN_SECRET_LENGTH = 16;

/** Where LiteLLM reads whose JWTs are believed; the file's own words come first. */
export const JWT_VARIABLES = {
  publicKeyUrl: 'JWT_PUBLIC_KEY_URL',
  audience: 'JWT_AUDIENCE',
  issuer: 'JWT_ISSUER',
} as const;

/** Reads the environment: what it says, or every mistake in it. Empty means not given. */
export function readEnvironment(
  env: Environment,
  roles: readonly Role[],
): { config: EnvironmentConfig } | { problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const reader = readerOf(env, problems);
  const databaseUrl = reader.url('DATABASE_URL', ['postgres', 'postgresql']) ?? '';
  const redisUrl = reader.url('REDIS_URL', ['redis', 'rediss']) ?? '';
  const host = reader.text('QUARTERMASTER_HOST') ?? '127.0.0.1';
  const port = reader.port('QUARTERMASTER_PORT', DEFAULT_PORT);
  const trustedProxies = reader.addresses('QUARTERMASTER_TRUSTED_PROXIES');
  const config: EnvironmentConfig = {
    databaseUrl,
    redisUrl,
    gateNamespace: reader.namespace('QUARTERMASTER_GATE_NAMESPACE'),
    host,
    port,
    publicUrl: reader.publicUrl('QUARTERMASTER_PUBLIC_URL') ?? localUrl(host, port),
    trustedProxies,
    adminKey: reader.requiredSecret('QUARTERMASTER_ADMIN_KEY'),
    keyPepper: reader.requiredSecret('QUARTERMASTER_KEY_PEPPER'),
    masterKeys: reader.secrets('QUARTERMASTER_MASTER_KEY'),
    home: resolve(reader.text('QUARTERMASTER_HOME') ?? '.quartermaster'),
    logLevel: reader.oneOf('QUARTERMASTER_LOG_LEVEL', LOG_LEVELS) ?? 'info',
    slack: slackOf(reader, roles, problems),
    reveal: revealOf(reader, problems, trustedProxies),
  };
  return problems.length > 0 ? { problems } : { config };
}

function revealOf(
  reader: Reader,
  problems: ConfigProblem[],
  trustedProxies: readonly string[],
): RevealSettings {
  const name = 'QUARTERMASTER_REVEAL_SIGN_ON_HEADER';
  const signOnHeader = reader.text(name);
  const passphrase = reader.secret('QUARTERMASTER_REVEAL_PASSPHRASE');
  if (passphrase !== undefined && passphrase.reveal().length < MIN_SECRET_LENGTH) {
    const message = `is too short, at least ${MIN_SECRET_LENGTH} characters are needed`;
    problems.push({ file: 'environment', path: 'QUARTERMASTER_REVEAL_PASSPHRASE', message });
  }
  if (signOnHeader !== undefined && !/^[A-Za-z0-9-]+$/.test(signOnHeader)) {
    const message = 'is no name of a header, such as X-Forwarded-Email';
    problems.push({ file: 'environment', path: name, message });
  } else if (signOnHeader !== undefined && trustedProxies.length === 0) {
    const message =
      'is believed of nobody: name the proxy that sets it in QUARTERMASTER_TRUSTED_PROXIES';
    problems.push({ file: 'environment', path: name, message });
  }
  return { passphrase, signOnHeader, trustedProxies };
}

function slackOf(reader: Reader, roles: readonly Role[], problems: ConfigProblem[]): SlackSettings {
  const slackBotToken = reader.secret('SLACK_BOT_TOKEN');
  const slackAppToken = reader.secret('SLACK_APP_TOKEN');
  const signingSecret = reader.secret('SLACK_SIGNING_SECRET');
  const mode =
    reader.oneOf('QUARTERMASTER_SLACK_MODE', ['socket', 'http'] as const) ??
    (slackAppToken === undefined && signingSecret !== undefined ? 'http' : 'socket');
  if (roles.includes('bot')) {
    if (slackBotToken === undefined) {
      problems.push(missing('SLACK_BOT_TOKEN', 'the token of the bot (xoxb-…)'));
    }
    if (mode === 'socket' && slackAppToken === undefined) {
      problems.push(missing('SLACK_APP_TOKEN', 'the token of the app for socket mode (xapp-…)'));
    }
    if (mode === 'http' && signingSecret === undefined) {
      problems.push(
        missing('SLACK_SIGNING_SECRET', 'the signing secret from the settings of the app'),
      );
    }
  }
  return {
    botToken: slackBotToken,
    appToken: slackAppToken,
    signingSecret,
    apiUrl: reader.slackApiUrl('SLACK_API_URL'),
    mode,
    httpPort: reader.port('QUARTERMASTER_SLACK_PORT', DEFAULT_SLACK_PORT),
  };
}

type Reader = ReturnType<typeof readerOf>;

/** Each method reads one variable; what is wrong with it is added to the problems. */
function readerOf(env: Environment, problems: ConfigProblem[]) {
  const text = (name: string) => env[name]?.trim() || undefined;
  const wrong = (name: string, message: string): undefined => {
    problems.push({ file: 'environment', path: name, message });
    return undefined;
  };
  const secretOf = (name: string, value: string): Secret => {
    if (value.length < MIN_SECRET_LENGTH) {
      wrong(name, `has ${value.length} characters, at least ${MIN_SECRET_LENGTH} are needed`);
    }
    return new Secret(value);
  };
  // The value is never repeated: addresses may hold a password.
  const address = (name: string, schemes: readonly string[]) => {
    const value = text(name);
    return value === undefined || schemes.includes(schemeOf(value) ?? '')
      ? value
      : wrong(name, `is not a URL that begins with ${schemes.join(':// or ')}://`);
  };
  return {
    text,
    secret: (name: string) => (text(name) === undefined ? undefined : new Secret(text(name) ?? '')),
    url: (name: string, schemes: readonly string[]) => {
      if (text(name) === undefined) {
        problems.push(missing(name, `a URL that begins with ${schemes[0]}://`));
      }
      return address(name, schemes);
    },
    publicUrl: (name: string) => address(name, ['http', 'https'])?.replace(/\/+$/, ''),
    slackApiUrl: (name: string) => address(name, ['http', 'https']),
    requiredSecret: (name: string): Secret => {
      const value = text(name);
      if (value !== undefined) {
        return secretOf(name, value);
      }
      problems.push(missing(name, 'any random text, the same for every process'));
      return new Secret('');
    },
    secrets: (name: string): Secret[] => listFrom(text(name)).map((value) => secretOf(name, value)),
    port: (name: string, fallback: number): number => {
      const value = text(name);
      const port = value === undefined ? fallback : Number(value);
      if (!Number.isInteger(port) || port < 0 || port > LAST_PORT) {
        wrong(name, `"${value}" is no port, give a number from 0 (any free one) to ${LAST_PORT}`);
      }
      return port;
    },
    addresses: (name: string): readonly string[] => {
      const addresses = listFrom(text(name));
      const complaint = complaintAboutAddresses(addresses);
      if (complaint !== undefined) {
        wrong(name, `cannot be read: ${complaint}`);
      }
      return addresses;
    },
    namespace: (name: string): string => {
      const value = text(name) ?? 'qm';
      if (!/^[a-z0-9-]{1,32}$/.test(value)) {
        wrong(name, 'may hold up to 32 small letters, digits and hyphens');
      }
      return value;
    },
    oneOf: <Word extends string>(name: string, words: readonly Word[]): Word | undefined => {
      const value = text(name);
      const found = words.find((word) => word === value?.toLowerCase());
      return value === undefined || found !== undefined
        ? found
        : wrong(name, `"${value}" is not known${suggestion(value, words)}`);
    },
  };
}

function listFrom(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function missing(name: string, what: string): ConfigProblem {
  return { file: 'environment', path: name, message: `is not set, give ${what}` };
}

function schemeOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
}

/** An address to listen on is not always one to call. */
function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
