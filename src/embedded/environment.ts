import { readFirstPort } from './start-ports.mjs';

/** What the environment says to the part that starts everything else. Empty means not given. */
export interface Environment {
  readonly port: number;
  /** Where the data lives, `.quartermaster` in the current folder unless given. */
  readonly home: string | null;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly slackBotToken: string | null;
  readonly slackAppToken: string | null;
  readonly publicUrl: string | null;
  readonly configFile: string | null;
  readonly adminKey: string | null;
  readonly keyPepper: string | null;
  readonly noColor: boolean;
  /** The PATH that programs are looked for on. */
  readonly searchPath: string;
}

/**
 * Reads the few variables that matter before there is a configuration.
 * @throws Error that names the variable it cannot use.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const read = (name: string) => variables[name]?.trim() || null;
  return {
    port: readFirstPort(read('QUARTERMASTER_PORT')),
    home: read('QUARTERMASTER_HOME'),
    databaseUrl: readUrl('DATABASE_URL', read('DATABASE_URL')),
    redisUrl: readUrl('REDIS_URL', read('REDIS_URL')),
    slackBotToken: read('SLACK_BOT_TOKEN'),
    slackAppToken: read('SLACK_APP_TOKEN'),
    publicUrl: readUrl('QUARTERMASTER_PUBLIC_URL', read('QUARTERMASTER_PUBLIC_URL')),
    configFile: read('QUARTERMASTER_CONFIG'),
    adminKey: read('QUARTERMASTER_ADMIN_KEY'),
    keyPepper: read('QUARTERMASTER_KEY_PEPPER'),
    noColor: read('NO_COLOR') !== null,
    searchPath: variables['PATH'] ?? '',
  };
}

/** The environment that a child gets: our own with these on top. */
export function childEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

function readUrl(name: string, given: string | null): string | null {
  if (given === null) {
    return null;
  }
  if (!URL.canParse(given)) {
    // The value is not repeated: it may hold a password.
    throw new Error(`Read ${name}: it is not a URL, write it as scheme://user:password@host:port`);
  }
  return given;
}
