// How SaaS LiteLLM's API speaks: JSON in and out, every success a 200, every no a `detail`.

import type { Answer } from '../answer.ts';
import { answerOf, unauthorized } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import type { ShapeMistake } from '../shape.ts';
import { SAAS_NOT_OFFERED, SAAS_NOTES } from './not-offered.ts';
import { SAAS_ROUTES } from './routes.ts';

export const SAAS: Dialect = {
  name: 'saas',
  title: 'SaaS LiteLLM',
  routes: SAAS_ROUTES,
  notOffered: SAAS_NOT_OFFERED,
  notes: SAAS_NOTES,
  // A mistyped filter must not answer everything.
  passesUnknown: ['body'],
  refused: answerOf,
  unauthorized,
  misshapen,
  broken() {
    const cure = 'Try again; if it stays, the operator finds the cause in the log.';
    return { status: 500, body: { detail: 'Internal server error', code: 'fault', cure } };
  },
  refusalSchema: {
    type: 'object',
    required: ['detail', 'code', 'cure'],
    properties: {
      detail: {
        description: 'What is wrong: a sentence, or a list of fields with what is wrong with each.',
        anyOf: [
          { type: 'string' },
          {
            type: 'array',
            items: {
              type: 'object',
              required: ['loc', 'msg', 'type'],
              properties: {
                loc: { type: 'array', items: { type: ['string', 'integer'] } },
                msg: { type: 'string' },
                type: { type: 'string' },
              },
            },
          },
        ],
      },
      code: { type: 'string', description: 'Stays the same for ever; see docs/errors.md.' },
      cure: { type: 'string', description: 'What to do about it.' },
    },
  },
};

/** As FastAPI tells it: one line for each mistake. */
function misshapen(mistakes: readonly ShapeMistake[]): Answer {
  const cure = 'Correct the fields named in "detail" and send it again; nothing was changed.';
  return { status: 422, body: { detail: mistakes, code: 'parameter_invalid', cure } };
}
