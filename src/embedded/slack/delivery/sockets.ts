import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { BODY_BYTES_MAX, SOCKET_PING_INTERVAL_MS } from '../limits.ts';
import { createAcknowledgements } from './acknowledgements.ts';
import type { Envelope, Receipt } from './envelope.ts';

/**
 * Socket Mode: the app's open connections. They take turns, so that an app with several must not
 * keep anything it needs in one of them.
 */
export type Sockets = {
  count(): number;
  send(envelope: Envelope): Promise<Receipt>;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Asks every connection to come anew, as Slack does when it moves them, and closes it. */
  refresh(reason: 'warning' | 'refresh_requested'): void;
  close(): Promise<void>;
};

export type SocketEvents = {
  appId: string;
  onChange: () => void;
  onAcknowledged: (envelopeId: string, payload: unknown, inTime: boolean) => void;
};

// A peer that hangs must not hold the end up.
const CLOSE_TIMEOUT_MS = 500;

export function createSockets(events: SocketEvents): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: BODY_BYTES_MAX });
  const open = new Set<WebSocket>();
  const acknowledgements = createAcknowledgements();
  let turn = 0;
  const pinging = setInterval(
    () => open.forEach((socket) => socket.ping()),
    SOCKET_PING_INTERVAL_MS,
  );

  function onMessage(data: unknown): void {
    const said = readAcknowledgement(data);
    if (said !== null) {
      events.onAcknowledged(said.id, said.payload, acknowledgements.take(said.id, said.payload));
    }
  }

  function leave(socket: WebSocket): void {
    if (open.delete(socket)) {
      events.onChange();
    }
  }

  function greet(socket: WebSocket): void {
    open.add(socket);
    socket.on('message', onMessage);
    socket.on('close', () => leave(socket));
    socket.on('error', () => leave(socket));
    socket.send(hello(events.appId, open.size));
    events.onChange();
  }

  return {
    count: () => open.size,
    async send(envelope) {
      turn += 1;
      const socket = [...open][turn % Math.max(open.size, 1)];
      if (!socket) {
        return { outcome: 'unreachable', detail: 'the app has no open connection' };
      }
      const receipt = acknowledgements.expect(envelope.envelope_id);
      socket.send(JSON.stringify(envelope));
      return receipt;
    },
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, greet);
    },
    refresh(reason) {
      for (const socket of open) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } }));
        if (reason === 'refresh_requested') {
          leave(socket);
          socket.close(1000);
        }
      }
    },
    async close() {
      clearInterval(pinging);
      acknowledgements.giveUp('the workspace was closed');
      await Promise.all([...server.clients].map(closeSocket));
      server.close();
    },
  };
}

function hello(appId: string, connections: number): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: appId },
    debug_info: { host: 'local', build_number: 1, approximate_connection_time: 18_060 },
  });
}

function readAcknowledgement(data: unknown): { id: string; payload: unknown } | null {
  try {
    const said = JSON.parse(String(data)) as { envelope_id?: unknown; payload?: unknown } | null;
    return typeof said?.envelope_id === 'string'
      ? { id: said.envelope_id, payload: said.payload }
      : null;
  } catch {
    return null;
  }
}

async function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) {
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  socket.close(1001);
  await promise;
}
