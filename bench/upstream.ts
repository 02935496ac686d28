// The provider that everything is measured against: canned answers over bare sockets, so that it is never
// the slowest part. Each event of a stream is a chunk of its own.

import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { plainAnswer, streamEvents } from './calls.ts';

const END_OF_HEAD = '\r\n\r\n';

const plain = withLength(plainAnswer());
const stream = inChunks(streamEvents(false));
const streamWithUsage = inChunks(streamEvents(true));

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: true, port: (server.address() as AddressInfo).port });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

function serve(socket: Socket): void {
  let unread: Buffer | undefined;
  socket.on('data', (data) => {
    unread = unread === undefined ? data : Buffer.concat([unread, data]);
    for (;;) {
      const end = endOfRequest(unread);
      if (end === undefined) {
        return;
      }
      socket.write(answerTo(unread.subarray(0, end)));
      if (end === unread.length) {
        unread = undefined;
        return;
      }
      unread = unread.subarray(end);
    }
  });
  // A client that leaves is no fault of ours.
  socket.on('error', () => socket.destroy());
}

function endOfRequest(bytes: Buffer): number | undefined {
  const head = bytes.indexOf(END_OF_HEAD);
  if (head === -1) {
    return undefined;
  }
  const length = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0;
  const end = head + END_OF_HEAD.length + Number(length);
  return end <= bytes.length ? end : undefined;
}

function answerTo(request: Buffer): Buffer {
  if (!request.includes('"stream":true')) {
    return plain;
  }
  return request.includes('"include_usage":true') ? streamWithUsage : stream;
}

function withLength(body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  return Buffer.concat([Buffer.from(head + END_OF_HEAD), body]);
}

function inChunks(events: readonly string[]): Buffer {
  const head =
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked';
  const chunks = events.map((event) => `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`);
  return Buffer.from(`${head}${END_OF_HEAD}${chunks.join('')}0\r\n\r\n`);
}
