import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Home, Secrets } from '../home.ts';
import { migrate } from '../migrate.ts';
import { portsFrom } from '../start-ports.mjs';
import { messageOf } from '../thrown.ts';
import { startChild } from './child.ts';
import type { ChildPlan, Running } from './child.ts';
import { keepRunning } from './keep-running.ts';
import type { KeptProgram } from './keep-running.ts';
import { openLog } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { postgresFolder, redisFolder, startOurPostgres, startOurRedis } from './services.ts';
import type { RunningServer } from './services.ts';
import { ensureDemoCustomer } from './demo-customer.ts';
import {
  addressesOf,
  demoConfigFile,
  findConfigFile,
  productEnvironment,
  productPlans,
  providerPlan,
  workspacePlan,
} from './settings.ts';
import type { SlackTokens } from './settings.ts';
import type { Shelf, Stage } from './shelf.ts';
import type { Supervision } from './supervise.ts';
import type { Wishes } from './wishes.ts';

export interface StartContext extends Supervision {
  readonly home: Home;
  readonly secrets: Secrets;
  readonly shelf: Shelf;
  readonly wishes: Wishes;
  readonly recordPids: () => Promise<void>;
}

export interface Started {
  readonly adminKey: string;
  readonly workspaceUrl: string | null;
  /** What every program of the product was told. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the servers and what surrounds the product, then the product itself; each on the context's shelf.
 * @throws the first fault; what runs by then is on the shelf, to be stopped.
 */
export async function startEverything(context: StartContext): Promise<Started> {
  const { environment, home, secrets, programs } = context;
  const ports = portsFrom(environment.port);
  const [databaseUrl, redisUrl, , slack] = await Promise.all([
    openDatabase(context),
    openRedis(context),
    startProvider(context),
    startWorkspace(context),
  ]);
  const addresses = addressesOf(environment, { databaseUrl, redisUrl });
  const configFile = findConfigFile(environment, context.workFolder);
  const env = productEnvironment(environment, home.folder, configFile, addresses, secrets, slack);
  await Promise.all(productPlans(programs, env).map((plan) => startOurs(context, 'product', plan)));
  const adminKey = environment.adminKey ?? secrets.adminKey;
  if (configFile === demoConfigFile) {
    const complaint = await ensureDemoCustomer(`http://127.0.0.1:${ports.proxy}`, adminKey);
    if (complaint !== undefined) {
      context.screen.news(`The demonstration's customer could not be made: ${complaint}`);
    }
  }
  return { adminKey, workspaceUrl: addresses.workspaceUrl, environment: env };
}

async function openDatabase(context: StartContext): Promise<string> {
  const { environment, home, secrets, screen } = context;
  let url = environment.databaseUrl;
  if (url === null) {
    const log = logOf(context, 'postgres');
    const ports = portsFrom(environment.port);
    const start = () => startOurPostgres(home, ports, secrets, log);
    url = await startServer(context, 'postgres', 'Postgres', postgresFolder(home), start);
  }
  const began = performance.now();
  const applied = await migrate(url);
  if (applied.length > 0) {
    screen.done(`Database migrated (${applied.length} new)`, performance.now() - began);
  }
  return url;
}

async function openRedis(context: StartContext): Promise<string> {
  const { environment, home, secrets, screen } = context;
  if (environment.redisUrl !== null) {
    return environment.redisUrl;
  }
  const log = logOf(context, 'redis');
  const ports = portsFrom(environment.port);
  const start = () => startOurRedis(home, ports, secrets, log, environment, screen.news);
  return startServer(context, 'redis', 'Redis', redisFolder(home), start);
}

async function startProvider(context: StartContext): Promise<void> {
  const keyFile = path.join(context.home.folder, 'provider-key');
  await writeFile(keyFile, context.secrets.providerKey, { mode: 0o600 });
  const { provider } = portsFrom(context.environment.port);
  await startOurs(context, 'surroundings', providerPlan(context.programs, provider, keyFile));
}

/** The local workspace, unless a real Slack is given. */
async function startWorkspace(context: StartContext): Promise<SlackTokens> {
  const { environment, home, programs } = context;
  if (environment.slackBotToken !== null) {
    return { botToken: environment.slackBotToken, appToken: environment.slackAppToken };
  }
  const { workspace } = portsFrom(environment.port);
  const plan = workspacePlan(programs, workspace, path.join(home.folder, 'workspace.json'));
  const { message } = await startOurs(context, 'surroundings', plan);
  if (!message?.botToken || !message.appToken) {
    throw new Error('Start Slack workspace: it gave no tokens for the bot');
  }
  return { botToken: message.botToken, appToken: message.appToken };
}

async function startServer(
  context: StartContext,
  stage: Stage,
  name: string,
  mark: string,
  start: () => Promise<RunningServer>,
): Promise<string> {
  let url = '';
  await keep(context, stage, name.toLowerCase(), name, mark, async () => {
    const server = await start();
    ({ url } = server);
    return server;
  });
  return url;
}

async function startOurs(
  context: StartContext,
  stage: Stage,
  plan: ChildPlan,
): Promise<KeptProgram> {
  const log = logOf(context, plan.role);
  return keep(context, stage, plan.role, plan.name, plan.file, () => startChild(plan, log));
}

/** Starts a program, keeps it running, and puts it on the shelf. */
async function keep(
  context: StartContext,
  stage: Stage,
  role: string,
  name: string,
  mark: string,
  start: () => Promise<Running>,
): Promise<KeptProgram> {
  const { screen, shelf, wishes } = context;
  const began = performance.now();
  if (wishes.isStopping()) {
    throw new Error(`Start ${name}: it is being stopped`);
  }
  const recordPids = () =>
    void context.recordPids().catch((error: unknown) => screen.news(messageOf(error)));
  const program = await keepRunning(name, start, {
    report: screen.news,
    started: recordPids,
    gaveUp: (fault) => wishes.ask({ reason: `${name} does not live`, fault }),
  });
  shelf.place({ stage, role, mark, program });
  // What is not on record would be left behind by a killed supervisor.
  await context.recordPids();
  if (!wishes.isStopping()) {
    screen.done(name, performance.now() - began);
  }
  return program;
}

function logOf({ home }: StartContext, role: string): LogFile {
  return openLog(path.join(home.logs, `${role}.log`));
}
