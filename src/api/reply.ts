import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';
import type { Page } from './page/layout.ts';

/** Sends JSON that nobody on the way may keep. */
export function sendAnswer(
  reply: FastifyReply,
  { status, body, headers = {}, file }: Answer,
): FastifyReply {
  reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  return file === undefined
    ? reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
    : reply.type(file.type).send(Readable.from(file.pieces, { objectMode: false }));
}

export function sendPage(reply: FastifyReply, { status, headers, body }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
