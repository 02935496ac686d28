import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createApi } from './api/server.ts';
import { createAuthenticate } from './proxy/authenticate.ts';
import { createOpenCalls } from './proxy/open-calls.ts';
import type { RoutedModel } from './proxy/serve-call.ts';
import { createProxyServer } from './proxy/server.ts';
import { createUpstreams } from './proxy/upstream.ts';
import type { Services } from './services.ts';

/** Calls under way get this long to end when the process is told to stop. */
const DRAIN_TIMEOUT_MS = 4_000;

/** Lets proxy and management API listen on the one port; answers how to stop them. */
export async function serveHttp(
  services: Services,
  roles: { readonly api: boolean; readonly proxy: boolean },
): Promise<() => Promise<void>> {
  const { config } = services;
  const api = roles.api ? await openApi(services) : undefined;
  const proxy = roles.proxy ? openProxy(services, api?.handler) : undefined;
  const server = proxy?.server ?? createServer(api?.handler);
  await listen(server, config.port, config.host);
  return async () => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    await proxy?.stop();
    server.closeAllConnections();
    await closed;
    await api?.close();
  };
}

async function openApi(services: Services) {
  const { config, stores, log } = services;
  return createApi({
    stores,
    adminKey: config.adminKey,
    publicUrl: config.publicUrl,
    log: log.child({ role: 'api' }),
    health: { ready: async () => readiness(services) },
    bodyMaxBytes: config.limits.bodyMaxBytes,
  });
}

function openProxy(services: Services, next: RequestListener | undefined) {
  const { config, stores, log } = services;
  const complain = (message: string, error?: unknown): void => log.error({ err: error }, message);
  const openCalls = createOpenCalls(stores.gate, stores.clock, config.limits.markEveryMs, (error) =>
    log.warn({ err: error }, 'marking open calls failed'),
  );
  const upstreams = createUpstreams(config.limits.upstreamTimeoutMs);
  const server = createProxyServer(
    {
      gate: stores.gate,
      authenticate: createAuthenticate(stores.gate, config.keyPepper.reveal()),
      models: new Map(config.models.map((model): [string, RoutedModel] => [model.alias, model])),
      upstreams,
      openCalls,
      clock: stores.clock,
      bodyMaxBytes: config.limits.bodyMaxBytes,
      minOutputTokens: config.limits.minOutputTokens,
      upstreamTimeoutMs: config.limits.upstreamTimeoutMs,
      onFault: complain,
    },
    {
      headerMaxBytes: config.limits.headerMaxBytes,
      ...(next === undefined ? {} : { next }),
    },
  );
  return {
    server,
    async stop() {
      await openCalls.drained(DRAIN_TIMEOUT_MS);
      openCalls.stop();
    },
  };
}

async function readiness({ gate, postgres }: Services) {
  const records = await postgres.$queryRaw`SELECT 1`.then(
    () => 'up',
    () => 'down',
  );
  const parts = { gate: gate.isUp() ? 'up' : 'down', records };
  // Calls are served without the records; only the gate decides whether this replica is of use.
  return { ok: parts.gate === 'up', parts };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
