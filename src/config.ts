/**
 * The only reader of the environment and of the configuration file. Every process reads both once,
 * at start, and refuses to start on any mistake: all of them are named at once, with their cure.
 */
import { readFileSync } from 'node:fs';
import type { EnvironmentConfig, LogLevel, Role } from './config/environment.ts';
import { readEnvironment } from './config/environment.ts';
import type { FileConfig } from './config/file.ts';
import { readConfigText } from './config/file.ts';
import type { ConfigProblem } from './config/problems.ts';
import { ConfigError } from './config/problems.ts';
import { profilesFile, readProfiles, writeProfiles } from './config/profiles.ts';
import type { ProfileStore } from './config/profiles.ts';
import type { Environment } from './config/references.ts';
import { environmentHere } from './config/local-environment.ts';
import { readImportSource } from './config/import-source.ts';
import type { ImportSource } from './config/import-source.ts';
import { readServerAddress } from './config/server-address.ts';
import type { ServerAddress, ServerWish } from './config/server-address.ts';
import { Fault } from './core/faults.ts';

/** All that was configured, checked, complete and frozen. */
export interface Config extends EnvironmentConfig, FileConfig {
  /** The path of the file as it was given; shown in messages. */
  readonly configFile: string;
}

const DEFAULT_CONFIG_FILE = 'quartermaster.yaml';

/**
 * Reads the environment and the file that QUARTERMASTER_CONFIG names. The role decides which
 * settings must be there: only the bot needs Slack's tokens.
 * @throws ConfigError with every mistake in both.
 */
export function loadConfig(
  env: Environment = process.env,
  { role }: { readonly role: Role | readonly Role[] } = { role: 'api' },
): Config {
  const roles = typeof role === 'string' ? [role] : role;
  const configFile = env['QUARTERMASTER_CONFIG']?.trim() || DEFAULT_CONFIG_FILE;
  const environment = readEnvironment(env, roles);
  const file = readFile(configFile, env);
  if ('problems' in environment || 'problems' in file) {
    throw new ConfigError([
      ...('problems' in environment ? environment.problems : []),
      ...('problems' in file ? file.problems : []),
    ]);
  }
  return deepFreeze({ configFile, ...environment.config, ...file.config });
}

/**
 * What a command of an operator reads: the environment, or that of the product that runs here. Logs errors alone where
 * neither the command nor the environment wishes more.
 * @throws ConfigError with every mistake, or Fault that nothing runs here.
 */
export function loadConfigHere(
  logLevel: LogLevel = 'error',
  env: Environment = process.env,
): Config {
  const here = environmentHere(env);
  if ('problem' in here) {
    throw new Fault(here.problem);
  }
  const variables = { QUARTERMASTER_LOG_LEVEL: logLevel, ...here.variables };
  return loadConfig(variables, { role: 'worker' });
}

/** Where the command line finds its server; what is missing, as a sentence. */
export function loadServerAddress(
  wish: ServerWish = {},
  env: Environment = process.env,
): ServerAddress | { readonly problem: string } {
  return readServerAddress(env, wish);
}

/** The servers that this user knows by name. */
export function openProfileStore(env: Environment = process.env): ProfileStore {
  const file = profilesFile(env);
  return {
    read: () => readProfiles(file),
    write: (profiles) => writeProfiles(file, profiles),
  };
}

/** Where another system is that is brought over; what is missing, as a sentence. */
export function loadImportSource(
  env: Environment = process.env,
): ImportSource | { readonly problem: string } {
  return readImportSource(env);
}

function readFile(
  configFile: string,
  env: Environment,
): { config: FileConfig } | { problems: readonly ConfigProblem[] } {
  let text: string;
  try {
    text = readFileSync(configFile, 'utf8');
  } catch (error) {
    return { problems: [unreadable(configFile, error)] };
  }
  return readConfigText(configFile, text, env);
}

function unreadable(configFile: string, error: unknown): ConfigProblem {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const message =
    reason === 'ENOENT'
      ? 'there is no such file, create it or set QUARTERMASTER_CONFIG to its path'
      : `can't be read (${reason}), mend its permissions or set QUARTERMASTER_CONFIG`;
  return { file: configFile, path: '', message };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
