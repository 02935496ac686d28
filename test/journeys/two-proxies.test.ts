// What is typed in Slack, on the next call of two proxy processes: the bot is a third process, and nothing
// but Postgres and Redis connects them.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startDemoProvider } from '../../src/embedded/demo-provider/server.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import { configFile, startChild } from '../support/processes.ts';
import { createTestRedis } from '../support/redis-for-tests.ts';

const CONFIG = `
models:
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/DEMO_PROVIDER_URL, api_key: os.environ/DEMO_PROVIDER_KEY }] }
access_groups:
  gpt-models: { models: [gpt-4o] }
slack: { roles: { managers: [U0MANAGER], approvers: [], viewers: [] } }
`;

test('a team suspended in Slack is refused by two proxy processes at once, and passes both when resumed', async () => {
  const [database, redis, workspace, provider, ports] = await Promise.all([
    createTestDatabase(),
    createTestRedis(),
    startWorkspace({ port: 0 }),
    startDemoProvider({ port: 0, apiKey: 'demo' }),
    Promise.all([freePort(), freePort()]),
  ]);
  const adminKey = randomBytes(16).toString('hex');
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    QUARTERMASTER_GATE_NAMESPACE: redis.namespace,
    QUARTERMASTER_ADMIN_KEY: adminKey,
    QUARTERMASTER_KEY_PEPPER: 'a pepper for tests only',
    QUARTERMASTER_CONFIG: await configFile(CONFIG),
    DEMO_PROVIDER_URL: provider.url,
    DEMO_PROVIDER_KEY: 'demo',
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    SLACK_API_URL: `${workspace.url}/api/`,
  };
  const startProxy = async (port: number) =>
    startChild('src/main.ts', ['--roles', 'api,proxy'], {
      ...environment,
      QUARTERMASTER_PORT: String(port),
    });
  const children = await Promise.all([
    startProxy(ports[0]),
    startProxy(ports[1]),
    startChild('src/main.ts', ['--roles', 'bot'], environment),
  ]);
  const { control } = workspace;
  const ask = async (path: string, body: object, bearer: string, port = ports[0]) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const say = async (text: string): Promise<void> => {
    await control.command({ user: 'U0MANAGER', channel: 'C0ACME', text });
  };
  try {
    await ask('/api/organizations/create', { organization_id: 'acme', name: 'Acme' }, adminKey);
    const wish = {
      organization_id: 'acme',
      team_id: 'acme-prod',
      access_groups: ['gpt-models'],
      credits_allocated: 100,
    };
    const created = await ask('/api/teams/create', wish, adminKey);
    const { virtual_key: secretKey } = (await created.json()) as { virtual_key: string };
    const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };
    const both = async () =>
      Promise.all(
        ports.map(
          async (port) => (await ask('/v1/chat/completions', body, secretKey, port)).status,
        ),
      );
    expect(await both()).toEqual([200, 200]);
    await say('/team suspend acme-prod');
    const question = await control.waitForMessage((message) =>
      JSON.stringify(message.blocks).includes('"action_id":"suspend'),
    );
    await control.click({ user: 'U0MANAGER', message: question, actionId: 'suspend' });
    await control.waitForMessage((message) => message.text.includes('Suspended'));
    expect(await both()).toEqual([403, 403]);
    await say('/team resume acme-prod');
    await control.waitForMessage((message) => message.text.includes('Resumed'));
    expect(await both()).toEqual([200, 200]);
  } finally {
    await Promise.all(children.map(async (child) => child.stop()));
    await Promise.all([workspace.close(), provider.close()]);
    await database.drop();
  }
});
