import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../environment.ts';
import type { Secrets } from '../home.ts';
import { portsFrom } from '../start-ports.mjs';
import type { ChildPlan } from './child.ts';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** So that a streamed story can be watched; plain answers come at once. */
const EVENT_DELAY_MS = 12;

/** The files of our own programs; tests put others in their place. */
export interface Programs {
  readonly main: string;
  readonly worker: string;
  readonly provider: string;
  readonly workspace: string;
}

export const ourPrograms: Programs = {
  main: path.join(repository, 'src', 'main.ts'),
  worker: path.join(repository, 'worker', 'main.ts'),
  provider: path.join(repository, 'src', 'embedded', 'demo-provider', 'main.ts'),
  workspace: path.join(repository, 'src', 'embedded', 'slack', 'main.ts'),
};

/** What is served where nobody configured anything. */
export const demoConfigFile = path.join(repository, 'quartermaster.demo.yaml');

/** The configuration to run with: the one given, else the folder's own, else the demonstration's. */
export function findConfigFile(environment: Environment, folder: string): string {
  const own = path.join(folder, 'quartermaster.yaml');
  return environment.configFile ?? (existsSync(own) ? own : demoConfigFile);
}

export interface Addresses {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly publicUrl: string;
  readonly providerUrl: string;
  /** Null when a real Slack is used. */
  readonly workspaceUrl: string | null;
}

/** Where everything is, given where the servers are. */
export function addressesOf(
  environment: Environment,
  servers: Pick<Addresses, 'databaseUrl' | 'redisUrl'>,
): Addresses {
  const ports = portsFrom(environment.port);
  return {
    ...servers,
    publicUrl: environment.publicUrl ?? `http://127.0.0.1:${ports.proxy}`,
    providerUrl: `http://127.0.0.1:${ports.provider}/v1`,
    workspaceUrl: environment.slackBotToken === null ? `http://127.0.0.1:${ports.workspace}` : null,
  };
}

export interface SlackTokens {
  readonly botToken: string;
  readonly appToken: string | null;
}

/** What every program of the product is told by its environment. */
export function productEnvironment(
  given: Environment,
  home: string,
  configFile: string,
  addresses: Addresses,
  secrets: Secrets,
  slack: SlackTokens,
): Record<string, string> {
  return {
    DATABASE_URL: addresses.databaseUrl,
    REDIS_URL: addresses.redisUrl,
    QUARTERMASTER_PORT: String(given.port),
    QUARTERMASTER_PUBLIC_URL: addresses.publicUrl,
    QUARTERMASTER_ADMIN_KEY: given.adminKey ?? secrets.adminKey,
    QUARTERMASTER_KEY_PEPPER: given.keyPepper ?? secrets.keyPepper,
    QUARTERMASTER_CONFIG: configFile,
    QUARTERMASTER_HOME: home,
    DEMO_PROVIDER_URL: addresses.providerUrl,
    DEMO_PROVIDER_KEY: secrets.providerKey,
    SLACK_BOT_TOKEN: slack.botToken,
    ...(slack.appToken !== null && { SLACK_APP_TOKEN: slack.appToken }),
    ...(addresses.workspaceUrl !== null && { SLACK_API_URL: `${addresses.workspaceUrl}/api/` }),
  };
}

/** The three processes that are the product itself. */
export function productPlans(programs: Programs, env: Record<string, string>): ChildPlan[] {
  const { main, worker } = programs;
  return [
    { name: 'Proxy and API', role: 'proxy', file: main, args: ['--roles', 'api,proxy'], env },
    { name: 'Slack bot', role: 'bot', file: main, args: ['--roles', 'bot'], env },
    { name: 'Worker', role: 'worker', file: worker, args: [], env },
  ];
}

export function providerPlan(programs: Programs, port: number, keyFile: string): ChildPlan {
  const args = ['--port', String(port), '--key-file', keyFile];
  return {
    name: 'Demo provider',
    role: 'provider',
    file: programs.provider,
    args: [...args, '--event-delay-ms', String(EVENT_DELAY_MS)],
    env: {},
  };
}

export function workspacePlan(programs: Programs, port: number, dataFile: string): ChildPlan {
  return {
    name: 'Slack workspace',
    role: 'workspace',
    file: programs.workspace,
    args: ['--port', String(port), '--data', dataFile],
    env: {},
  };
}
