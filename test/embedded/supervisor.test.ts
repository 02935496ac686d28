import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { commandOf } from '../../src/embedded/command-of.mjs';
import { createTestHome } from '../support/supervised.ts';
import type { RunRecord, TestHome } from '../support/supervised.ts';
import { waitFor } from '../support/wait-for.ts';

const homes: TestHome[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) {
    await home.close();
  }
});

async function newHome(): Promise<TestHome> {
  const home = await createTestHome();
  homes.push(home);
  return home;
}

async function livingPids(record: RunRecord): Promise<number[]> {
  const pids = record.processes.map((each) => each.pid);
  const commands = await Promise.all(pids.map(async (pid) => commandOf(pid)));
  return pids.filter((_, at) => commands[at] !== null);
}

/** What the stand-in for `role` found in its environment. */
async function environmentOf(home: TestHome, role: string): Promise<Record<string, string>> {
  return home.read<Record<string, string>>(`env-${role}.json`);
}

test('a fresh home comes up with everything the product needs, and goes down without a trace', async () => {
  const home = await newHome();
  const supervisor = await home.startReady();
  const env = await environmentOf(home, 'bot');
  expect(env).toMatchObject({
    QUARTERMASTER_PORT: String(home.port),
    QUARTERMASTER_PUBLIC_URL: `http://127.0.0.1:${home.port}`,
    SLACK_API_URL: `http://127.0.0.1:${home.port + 1}/api/`,
    DEMO_PROVIDER_URL: `http://127.0.0.1:${home.port + 2}/v1`,
    SLACK_BOT_TOKEN: 'xoxb-fixture',
    SLACK_APP_TOKEN: 'xapp-fixture',
  });
  const models = await fetch(`${env['DEMO_PROVIDER_URL']}/models`, {
    headers: { authorization: `Bearer ${env['DEMO_PROVIDER_KEY']}` },
  });
  expect(models.status).toBe(200);
  const record = await home.read<RunRecord>('run.json');
  expect(record.processes.map((each) => each.role).sort()).toEqual([
    'bot',
    'postgres',
    'provider',
    'proxy',
    'redis',
    'worker',
    'workspace',
  ]);
  const local = await home.read<Record<string, unknown>>('local.json');
  expect(local).toEqual({
    url: `http://127.0.0.1:${home.port}`,
    adminKey: env['QUARTERMASTER_ADMIN_KEY'],
    workspaceUrl: `http://127.0.0.1:${home.port + 1}`,
    pid: supervisor.child.pid,
    environment: expect.objectContaining({ QUARTERMASTER_PORT: String(home.port) }),
  });
  supervisor.child.kill('SIGINT');
  expect(await supervisor.ended).toBe(0);
  expect(await livingPids(record)).toEqual([]);
  expect(await readdir(home.folder)).not.toContain('local.json');
});

test('secrets are made once and nobody else may read them', async () => {
  const home = await newHome();
  const first = await home.startReady();
  const secrets = await home.read('secrets.json');
  const files = ['secrets.json', 'local.json', 'run.json', 'provider-key'];
  const modes = files.map(async (file) => (await stat(path.join(home.folder, file))).mode & 0o777);
  expect(await Promise.all(modes)).toEqual(files.map(() => 0o600));
  first.child.kill('SIGTERM');
  await first.ended;
  await home.startReady();
  expect(await home.read('secrets.json')).toEqual(secrets);
  const printed = Object.values(secrets as Record<string, string>).filter((secret) =>
    first.printed().includes(secret),
  );
  expect(printed).toEqual([]);
});

test('a crashed program, Redis and Postgres among them, is running again within seconds', async () => {
  const home = await newHome();
  const supervisor = await home.startReady();
  const env = await environmentOf(home, 'bot');
  for (const role of ['worker', 'redis', 'postgres', 'provider', 'proxy']) {
    const before = await home.pidOf(role);
    process.kill(before, 'SIGKILL');
    const isBack = async () => {
      const now = await home.pidOf(role);
      return now !== before && now > 0 && (await commandOf(now)) !== null;
    };
    await waitFor(isBack, { what: `${role} to run again` });
  }
  const client = new Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  const found = await client.query('select count(*)::int as n from _prisma_migrations');
  expect(found.rows[0].n).toBeGreaterThan(0);
  await client.end();
  expect(supervisor.printed()).toContain('Worker: ended with SIGKILL, starting it again');
});

test('a program that cannot live ends everything, with its last words and exit code 1', async () => {
  const home = await newHome();
  const supervisor = await home.startReady();
  const record = await home.read<RunRecord>('run.json');
  await writeFile(path.join(home.folder, 'crash-bot'), '');
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.printed()).toMatch(/Keep Slack bot running: .*5 times within a minute/);
  expect(supervisor.printed()).toContain('bot has a bad day');
  expect(await livingPids(record)).toEqual([]);
});

test('a program that refuses to start is quoted, and nothing is left running', async () => {
  const home = await newHome();
  await writeFile(path.join(home.folder, 'fail-bot'), '');
  const supervisor = home.start();
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.printed()).toContain('Start Slack bot: the fixture was told to fail');
  expect(await readdir(home.folder)).not.toContain('run.json');
  await rm(path.join(home.folder, 'fail-bot'));
  await home.startReady();
});

test('after kill -9 of the supervisor the next start finds everything as it was', async () => {
  const home = await newHome();
  const killed = await home.startReady();
  const record = await home.read<RunRecord>('run.json');
  const env = await environmentOf(home, 'bot');
  const client = new Client({ connectionString: env['DATABASE_URL'] });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table kept as select 7 as n');
  killed.child.kill('SIGKILL');
  await killed.ended;
  await home.startReady();
  expect(await livingPids(record)).toEqual([]);
  const again = new Client({ connectionString: env['DATABASE_URL'] });
  await again.connect();
  expect((await again.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  await again.end();
  await client.end().catch(() => undefined);
});

test('a second start in the same home says who runs already', async () => {
  const home = await newHome();
  const first = await home.startReady();
  const second = home.start();
  expect(await second.ended).toBe(0);
  expect(second.printed()).toContain(`Already running at http://127.0.0.1:${home.port}`);
  expect(second.printed()).toContain(`process ${first.child.pid}`);
  expect((await home.read<RunRecord>('run.json')).pid).toBe(first.child.pid);
});

test('a taken port is named with who has it and how to choose others', async () => {
  const home = await newHome();
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(home.port + 4, '127.0.0.1', resolve);
  });
  const supervisor = home.start();
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.printed()).toContain(`port ${home.port + 4} (Redis) is taken by`);
  expect(supervisor.printed()).toContain('QUARTERMASTER_PORT=5000 npm start');
  const owner = process.platform === 'linux' ? `process ${process.pid}` : 'process';
  expect(supervisor.printed()).toContain(owner);
  other.close();
});

test('mistakes in the configuration are told before any server is started, and only those', async () => {
  const home = await newHome();
  const file = path.join(home.folder, 'quartermaster.yaml');
  const deployment = '{ base_url: os.environ/DEMO_PROVIDER_URL, api_key: os.environ/NOT_SET_HERE }';
  await writeFile(file, `models:\n  gpt-4o:\n    deployments: [${deployment}]\nalerst: {}\n`);
  const supervisor = home.start();
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.printed()).toContain('Cannot read the configuration, 2 mistakes');
  expect(supervisor.printed()).toContain('line 3, models.gpt-4o.deployments[0].api_key');
  expect(supervisor.printed()).toContain('did you mean "alerts"?');
  expect(supervisor.printed()).not.toContain('DEMO_PROVIDER_URL');
  expect(supervisor.printed()).not.toContain('✓ Postgres');
  expect(await readdir(home.folder)).not.toContain('postgres');
});

test('a wish to stop during the start leaves nothing running', async () => {
  const home = await newHome();
  const supervisor = home.start();
  await waitFor(() => supervisor.printed().includes('✓ Redis'), {
    what: 'the start to be under way',
  });
  const record = await home.read<RunRecord>('run.json');
  supervisor.child.kill('SIGINT');
  expect(await supervisor.ended).toBe(0);
  expect(await livingPids(record)).toEqual([]);
  expect(await readdir(home.folder)).not.toContain('run.json');
  expect(await readFile(path.join(home.folder, 'logs', 'redis.log'), 'utf8')).toContain('bye bye');
});
