// The unit that our own speed is stated in: what node:http and undici cost where nothing is checked. It
// reads a body whole, sends it on, and passes on the bytes that come back, at the speed of the slower end.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

/** As the proxy has them, so that both pay the same for connections. */
const CONNECTIONS_MAX = 2_048;
const IDLE_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 75_000;

const pool = new Pool(`http://127.0.0.1:${process.argv[2]}`, {
  connections: CONNECTIONS_MAX,
  keepAliveTimeout: IDLE_TIMEOUT_MS,
});

const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => void chunks.push(chunk));
  req.on('end', () => {
    const [first] = chunks;
    forward(req, res, chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: true, port: (server.address() as AddressInfo).port });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

function forward(req: IncomingMessage, res: ServerResponse, body: Buffer): void {
  const headers = {
    'content-type': req.headers['content-type'] ?? '',
    authorization: req.headers.authorization ?? '',
  };
  pool.dispatch({ path: req.url ?? '/', method: 'POST', headers, body }, relayTo(res));
}

function relayTo(res: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      res.on('drain', () => controller.resume());
      res.on('close', () => {
        if (!res.writableFinished) {
          controller.abort(new Error('The client left'));
        }
      });
    },
    onResponseStart(_, status, headers) {
      const length = headers['content-length'];
      res.writeHead(status, {
        'content-type': String(headers['content-type']),
        ...(length === undefined ? {} : { 'content-length': String(length) }),
      });
    },
    onResponseData(controller, chunk) {
      if (!res.write(chunk)) {
        controller.pause();
      }
    },
    onResponseEnd: () => void res.end(),
    onResponseError: () => void res.destroy(),
  };
}
