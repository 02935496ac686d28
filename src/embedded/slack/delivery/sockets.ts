import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { ACK_TIMEOUT_MS, BODY_BYTES_MAX, SOCKET_PING_INTERVAL_MS } from '../limits.ts';
import type { Envelope, Receipt } from './envelope.ts';

/**
 * Socket Mode: the app's open connections, and the envelopes that wait for an acknowledgement.
 *
 * States of an envelope: waiting → acknowledged, or waiting → late. Connections take turns, so
 * that an app with several must not keep anything it needs in one of them.
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
  onChange(): void;
  onAcknowledged(envelopeId: string, payload: unknown, inTime: boolean): void;
};

type Waiting = { settle(receipt: Receipt): void; sentAtMs: number; timer: NodeJS.Timeout };

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

export function createSockets(events: SocketEvents): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: BODY_BYTES_MAX });
  const open: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  let turn = 0;

  const pinging = setInterval(() => {
    for (const socket of open) {
      socket.ping();
    }
  }, SOCKET_PING_INTERVAL_MS);

  function acknowledge(data: unknown): void {
    const said = readAcknowledgement(data);
    if (said === null) {
      return;
    }
    const entry = waiting.get(said.id);
    events.onAcknowledged(said.id, said.payload, entry !== undefined);
    entry?.settle({
      outcome: 'acknowledged',
      body: said.payload,
      tookMs: Math.round(performance.now() - entry.sentAtMs),
    });
  }

  function leave(socket: WebSocket): void {
    const index = open.indexOf(socket);
    if (index >= 0) {
      open.splice(index, 1);
      events.onChange();
    }
  }

  function greet(socket: WebSocket): void {
    open.push(socket);
    socket.on('message', acknowledge);
    socket.on('close', () => leave(socket));
    socket.on('error', () => leave(socket));
    const hello = {
      type: 'hello',
      num_connections: open.length,
      connection_info: { app_id: events.appId },
      debug_info: { host: 'local', build_number: 1, approximate_connection_time: 18_060 },
    };
    socket.send(JSON.stringify(hello));
    events.onChange();
  }

  function wait(envelope: Envelope): Promise<Receipt> {
    return new Promise((resolve) => {
      const sentAtMs = performance.now();
      const settle = (receipt: Receipt): void => {
        clearTimeout(timer);
        waiting.delete(envelope.envelope_id);
        resolve(receipt);
      };
      const timer = setTimeout(
        () => settle({ outcome: 'late', tookMs: ACK_TIMEOUT_MS }),
        ACK_TIMEOUT_MS,
      );
      waiting.get(envelope.envelope_id)?.settle({ outcome: 'unreachable', detail: 'sent again' });
      waiting.set(envelope.envelope_id, { settle, sentAtMs, timer });
    });
  }

  return {
    count: () => open.length,
    async send(envelope) {
      turn += 1;
      const socket = open[turn % Math.max(open.length, 1)];
      if (!socket) {
        return { outcome: 'unreachable', detail: 'the app has no open connection' };
      }
      const receipt = wait(envelope);
      socket.send(JSON.stringify(envelope));
      return receipt;
    },
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, greet);
    },
    refresh(reason) {
      for (const socket of [...open]) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } }));
        if (reason === 'refresh_requested') {
          leave(socket);
          socket.close(1000);
        }
      }
    },
    async close() {
      clearInterval(pinging);
      for (const entry of waiting.values()) {
        entry.settle({ outcome: 'unreachable', detail: 'the workspace was closed' });
      }
      const closed = [...server.clients].map(closeSocket);
      await Promise.all(closed);
      server.close();
    },
  };
}

// A peer that hangs must not hold the end up.
const CLOSE_TIMEOUT_MS = 500;

function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}
