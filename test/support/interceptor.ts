// A door of TCP between a process and its Redis or Postgres. It recognizes what the process sends, and can
// stop there: before that is forwarded, or after it was done but before the answer gets back.

import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Hold, Watch } from './wire.ts';

export interface Interceptor {
  /** The address given, with this door's port in place of its own. */
  readonly url: string;
  /**
   * Waits for what `watch` recognizes, once, and keeps that connection stopped: 'before' forwards nothing
   * more of it, 'after' forwards and passes no answer back. Resolves when that has happened.
   */
  trap(watch: Watch, hold: Hold): Promise<void>;
  /** Ends every connection, and refuses new ones until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

interface Trap {
  readonly watch: Watch;
  readonly hold: Hold;
  readonly sprung: () => void;
}

/** Opens a door to the server of an address. */
export async function startInterceptor(targetUrl: string): Promise<Interceptor> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let trap: Trap | undefined;
  let isShut = false;
  const server = createServer({ noDelay: true }, (client) => {
    if (isShut) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    join(
      client,
      upstream,
      () => trap,
      () => (trap = undefined),
    );
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endAll = (): void => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  const own = new URL(targetUrl);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    trap: async (watch, hold) =>
      new Promise((sprung) => {
        trap = { watch, hold, sprung };
      }),
    shut() {
      isShut = true;
      endAll();
    },
    open() {
      isShut = false;
    },
    async close() {
      endAll();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function join(
  client: Socket,
  upstream: Socket,
  armed: () => Trap | undefined,
  disarm: () => void,
): void {
  let seenBy: { trap: Trap; sees: (chunk: Buffer) => boolean } | undefined;
  let stopped = false;
  let awaited: Trap | undefined;
  client.on('data', (chunk: Buffer) => {
    if (stopped) {
      return;
    }
    const trap = armed();
    if (trap !== undefined) {
      if (seenBy?.trap !== trap) {
        seenBy = { trap, sees: trap.watch() };
      }
      if (seenBy.sees(chunk)) {
        disarm();
        if (trap.hold === 'before') {
          stopped = true;
          trap.sprung();
          return;
        }
        awaited = trap;
      }
    }
    upstream.write(chunk);
  });
  upstream.on('data', (chunk: Buffer) => {
    if (awaited !== undefined) {
      stopped = true;
      awaited.sprung();
      awaited = undefined;
    }
    if (!stopped) {
      client.write(chunk);
    }
  });
  // What was forwarded is still done: the server reads it before it sees the end.
  client.on('close', () => upstream.end());
  upstream.on('close', () => client.destroy());
  client.on('error', () => undefined);
  upstream.on('error', () => client.destroy());
}
