// The types that LiteLLM's own routes declare for their answers, as JSON schemas that were read out of its package
// (fixtures/litellm-answers.json says of which version): a client that parses by them must not fail on ours.

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import theirs from './fixtures/litellm-answers.json' with { type: 'json' };

const ajv = new Ajv2020({ strict: false, allErrors: true, allowUnionTypes: true });
// The package is CommonJS, and its types say otherwise.
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(theirs, 'litellm');

/** The routes whose answers have a type there. */
export const TYPED_ROUTES: readonly string[] = Object.keys(theirs.routes);

/** What of an answer is not of their type; nothing where they declare none. */
export function complaintsAboutType(route: string, answer: unknown): string[] {
  if (!TYPED_ROUTES.includes(route)) {
    return [];
  }
  const pointer = encodeURIComponent(route.replaceAll('~', '~0').replaceAll('/', '~1'));
  const validate = ajv.getSchema(`litellm#/routes/${pointer}`);
  if (validate === undefined) {
    throw new Error(`Reading LiteLLM's types: there is none of ${route}`);
  }
  return validate(answer) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
