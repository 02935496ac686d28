import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { readAnswer } from './answers.ts';
import type { Call } from './calls.ts';

/** Told what was wrong with the answer, or undefined if it was right to the byte. */
export type OnAnswer = (complaint: string | undefined) => void;

/** One connection that carries one call at a time. */
export interface Connection {
  send(call: Call, onAnswer: OnAnswer): void;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Of a wrong answer, as much as tells what it is. */
const SHOWN_CHARACTERS = 300;

/** Opens several connections to a loopback port. */
export async function openConnections(port: number, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, async () => open(port)));
}

async function open(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve();
    });
  });
  return over(socket);
}

function over(socket: Socket): Connection {
  let expected: Buffer | undefined;
  let onAnswer: OnAnswer | undefined;
  let unread: Buffer | undefined;

  function finish(complaint: string | undefined): void {
    expected = undefined;
    unread = undefined;
    onAnswer?.(complaint);
  }

  socket.on('data', (data) => {
    unread = unread === undefined ? data : Buffer.concat([unread, data]);
    const answer = readAnswer(unread);
    if (answer === undefined || expected === undefined) {
      return;
    }
    const isRight = answer.status === 200 && answer.body.equals(expected);
    finish(isRight ? undefined : `status ${answer.status}: ${shown(answer.body)}`);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (expected !== undefined) {
      finish('the connection was closed before the answer was complete');
    }
  });

  return {
    send(call, whenAnswered) {
      expected = call.expected;
      onAnswer = whenAnswered;
      socket.write(call.request);
    },
    close() {
      expected = undefined;
      socket.destroy();
    },
  };
}

function shown(body: Buffer): string {
  return body.toString('utf8', 0, SHOWN_CHARACTERS);
}
