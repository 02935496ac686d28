import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import type { Secret } from '../config/secret.ts';
import type { Dialect } from '../core/models/dialect.ts';
import type { ModelPrice } from '../core/pricing/price.ts';

/** One upstream that can serve an alias. */
export interface Deployment {
  readonly id: string;
  readonly baseUrl: string;
  readonly apiKey: Secret | undefined;
  readonly upstreamModel: string;
  readonly dialect: Dialect;
  readonly price: ModelPrice | undefined;
}

/** More open connections than one provider grants, fewer than this machine's descriptors. */
const CONNECTIONS_MAX = 2_048;
const CONNECT_TIMEOUT_MS = 5_000;
/** Kept a little shorter than providers' own, so that we close first and no request meets a closed door. */
const IDLE_TIMEOUT_MS = 30_000;

/** What comes back from an upstream, as it comes. */
export interface Listener {
  /** Called before anything else; leaves the means to end the exchange. */
  onOpen(exchange: Exchange): void;
  onStart(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onError(error: Error): void;
}

export interface Exchange {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

export interface Upstreams {
  send(
    deployment: Deployment,
    path: string,
    body: Buffer,
    listener: Listener,
    /** Names and values by turns, beside the headers that every call has. */
    more?: readonly string[],
  ): void;
  close(): Promise<void>;
}

/** Keeps one pool of connections for each upstream's origin. */
export function createUpstreams(timeoutMs: number): Upstreams {
  const pools = new Map<string, Pool>();
  const routes = new WeakMap<Deployment, { pool: Pool; path: string; headers: string[] }>();

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: CONNECTIONS_MAX,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        keepAliveTimeout: IDLE_TIMEOUT_MS,
        connect: { timeout: CONNECT_TIMEOUT_MS },
      });
      pools.set(origin, pool);
    }
    return pool;
  }

  function routeOf(deployment: Deployment) {
    let route = routes.get(deployment);
    if (route === undefined) {
      const url = new URL(deployment.baseUrl);
      const apiKey = deployment.apiKey?.reveal();
      route = {
        pool: poolOf(url.origin),
        path: url.pathname.replace(/\/$/, ''),
        headers: [
          'content-type',
          'application/json',
          'user-agent',
          'quartermaster',
          'accept-encoding',
          'identity',
          ...(apiKey === undefined ? [] : keyHeader(deployment.dialect, apiKey)),
        ],
      };
      routes.set(deployment, route);
    }
    return route;
  }

  return {
    send(deployment, path, body, listener, more) {
      const { pool, path: prefix, headers: common } = routeOf(deployment);
      const headers = more === undefined ? common : [...common, ...more];
      pool.dispatch({ path: prefix + path, method: 'POST', headers, body }, handlerOf(listener));
    },
    close: async () => {
      await Promise.all([...pools.values()].map(async (pool) => pool.close()));
    },
  };
}

function keyHeader(dialect: Dialect, apiKey: string): string[] {
  return dialect === 'anthropic' ? ['x-api-key', apiKey] : ['authorization', `Bearer ${apiKey}`];
}

function handlerOf(listener: Listener): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (exchange) => listener.onOpen(exchange),
    onResponseStart: (_, status, headers) => listener.onStart(status, headers),
    onResponseData: (_, chunk) => listener.onData(chunk),
    onResponseEnd: () => listener.onEnd(),
    onResponseError: (_, error) => listener.onError(error),
  };
}
