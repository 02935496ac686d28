import type { FastifyInstance } from 'fastify';
import { sendPage } from '../reply.ts';
import { ASSETS } from './assets.ts';
import { referencePage } from './page.ts';

/** Files change with a release only; after an hour a browser asks whether they did. */
const CACHE_CONTROL = 'public, max-age=3600';

/** Where the documents of SaaS LiteLLM send clients. */
export const OTHER_ADDRESS = '/redoc';
const FOUND = 302;

/** The page at /docs with its files: open to anybody, since every route that it tries asks for a key by itself. */
export function addReference(app: FastifyInstance): void {
  app.get('/docs', async (_request, reply) => sendPage(reply, referencePage()));
  app.get(OTHER_ADDRESS, async (_request, reply) => reply.redirect('docs', FOUND));
  for (const { name, contentType, read } of ASSETS) {
    app.get(`/docs/${name}`, async (request, reply) => {
      const { text, etag } = await read();
      reply.headers({
        'cache-control': CACHE_CONTROL,
        'x-content-type-options': 'nosniff',
        etag,
      });
      return request.headers['if-none-match'] === etag
        ? reply.code(304).send()
        : reply.type(contentType).send(text);
    });
  }
}
