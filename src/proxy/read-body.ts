import type { IncomingMessage } from 'node:http';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** The client went away before its body was complete. */
export class ClientGone extends Error {
  override name = 'ClientGone';
}

/** Reads a whole body. What is too large is refused by its announced length, or as soon as it shows. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | Refusal> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) {
    return refuse('body_too_large', { limitBytes: maxBytes });
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        req.removeAllListeners('data');
        resolve(refuse('body_too_large', { limitBytes: maxBytes }));
        return;
      }
      chunks.push(chunk);
    });
    req.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
    );
    req.on('error', (error) => reject(new ClientGone('Reading a body', { cause: error })));
    req.on('close', () => {
      // Every request closes in the end; only one that is not complete was left.
      if (!req.complete) {
        reject(new ClientGone('Reading a body: the client left'));
      }
    });
  });
}
