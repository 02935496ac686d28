// How the management API of LiteLLM's proxy speaks.

import { publicSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Answer } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import { refusedAnswer, wrapped } from './errors.ts';
import { FIELDS_NOT_OFFERED } from './fields-not-offered.ts';
import { LITELLM_NOT_OFFERED } from './not-offered.ts';
import { LITELLM_ROUTES } from './routes.ts';

export const LITELLM: Dialect = {
  name: 'litellm',
  title: 'LiteLLM',
  routes: LITELLM_ROUTES,
  notOffered: LITELLM_NOT_OFFERED,
  fieldsNotOffered: FIELDS_NOT_OFFERED,
  notes: [
    'What is said to be the same is compared with the models of its package, field by field, by a test (test/api/litellm/fields.test.ts).',
    'Routes that are not offered answer 501 with the reason.',
    'What its documents and code say of the team routes is asked line by line by a test (test/api/litellm/team-routes.txt).',
    'Who may not is told which role may, with the status that LiteLLM has. Who asks for teams and names nobody is told their own, where LiteLLM answers 401 to all but admins.',
    'Who is held back does not lift it: admins of a team do not block, unblock or delete it, give it models, or change what bounds it.',
    'Somebody who is named twice in one request is taken in once, with the role that was said first.',
  ],
  // Pydantic passes over what it does not know, and clients send what newer versions take.
  passesUnknown: ['body', 'query'],
  refused: refusedAnswer,
  unauthorized,
  misshapen: (mistakes) => ({ status: 422, body: { detail: mistakes } }),
  broken: () => wrapped(500, 'Internal Server Error'),
  refusalSchema: {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'param', 'code'],
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: 'string', description: 'The HTTP status, as text.' },
          reason: { type: 'string', description: 'Stays the same for ever; see docs/errors.md.' },
          cure: { type: 'string', description: 'What to do about it.' },
        },
      },
      detail: { description: 'What is wrong, on routes whose mistakes FastAPI tells by itself.' },
    },
  },
};

/** In its words, which clients look for; what exactly is wrong stands behind them. */
function unauthorized(refusal: Refusal): Answer {
  if (refusal.refused === 'admin_key_required') {
    const message = `Authentication Error, ${publicSentence(refusal)}`;
    return refusedAnswer(refusal, message);
  }
  return refusedAnswer(refusal);
}
