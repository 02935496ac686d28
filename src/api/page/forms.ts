import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { pageOfFault } from '../fault.ts';
import { sendPage } from '../reply.ts';

/** A form with a field or none; more is none of ours. */
const FORM_MAX_BYTES = 4_096;

/** Has a scope read what its pages' forms send, as URLSearchParams, and tell faults as pages. */
export function readForms(scope: FastifyInstance, log: Logger): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: FORM_MAX_BYTES },
    async (_request: unknown, body: Buffer) => new URLSearchParams(body.toString('utf8')),
  );
  scope.setErrorHandler(async (error, request, reply) =>
    sendPage(reply, pageOfFault(log, error, request)),
  );
}
