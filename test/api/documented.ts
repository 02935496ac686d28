// Holds answers against the OpenAPI document: every status that comes is documented, every body is of its schema.

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Route } from '../../src/api/dialect.ts';
import { DIALECTS } from '../../src/api/dialects.ts';
import { openApiDocument, templateOf } from '../../src/api/openapi/document.ts';
import type { JsonSchema } from '../../src/api/openapi/schema.ts';

export interface Operation {
  readonly route: Route;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Undefined where no body is read. */
  readonly body: JsonSchema | undefined;
  readonly statuses: readonly number[];
}

interface OperationObject {
  readonly parameters: Operation['parameters'];
  readonly requestBody?: { readonly content: { readonly 'application/json': Held } };
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Held {
  readonly schema: JsonSchema;
}

const DOCUMENT = openApiDocument(DIALECTS, 'http://localhost');
const PATHS = DOCUMENT['paths'] as Readonly<
  Record<string, Readonly<Record<string, OperationObject>>>
>;
const ajv = new Ajv2020({ strict: false, allErrors: false });
// Its types are those of a CommonJS module, which is called as it is.
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(DOCUMENT, 'openapi');

export const OPERATIONS: readonly Operation[] = DIALECTS.flatMap(({ routes }) =>
  routes.map((route) => {
    const [method, path] = route;
    const { parameters, requestBody, responses } = operationAt(method, path);
    return {
      route,
      parameters,
      body: requestBody?.content['application/json'].schema,
      statuses: Object.keys(responses).map(Number),
    };
  }),
);

function operationAt(method: string, path: string): OperationObject {
  const operation = PATHS[templateOf(path)]?.[method.toLowerCase()];
  if (operation === undefined) {
    throw new Error(`Looking up ${method} ${path} in the OpenAPI document: it is not there`);
  }
  return operation;
}

const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer by its documentation; undefined for nothing, and for a route that is none. */
export function complaintAboutAnswer(
  method: string,
  url: string,
  told: { readonly status: number; readonly json: unknown },
): string | undefined {
  const operation = operationOf(method, url.split('?')[0] ?? '');
  if (operation === undefined || told.status === 405) {
    return undefined;
  }
  const place = `${method} ${operation.route[1]}: ${told.status}`;
  if (!operation.statuses.includes(told.status)) {
    return `${place} is not documented: ${JSON.stringify(told.json)}`;
  }
  if (told.status === 200 && operation.route[2].files !== undefined) {
    return undefined;
  }
  const name = `${method} ${operation.route[1]} ${told.status}`;
  const validate = validators.get(name) ?? validatorOf(operation.route, told.status);
  validators.set(name, validate);
  return validate(told.json)
    ? undefined
    : `${place} ${ajv.errorsText(validate.errors)}: ${JSON.stringify(told.json)}`;
}

/** What stands at a path; a route without a parameter stands before one with it. */
export function operationOf(method: string, pathname: string): Operation | undefined {
  return OPERATIONS.filter(({ route }) => route[0] === method)
    .filter(({ route }) => matches(route[1], pathname))
    .sort((one, other) => one.route[1].split(':').length - other.route[1].split(':').length)[0];
}

function validatorOf([method, path]: Route, status: number): ValidateFunction {
  const parts = ['paths', templateOf(path), method.toLowerCase(), 'responses', String(status)];
  const pointer = [...parts, 'content', 'application/json', 'schema'].map(escaped).join('/');
  return ajv.compile({ $ref: `openapi#/${pointer}` });
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function matches(pattern: string, pathname: string): boolean {
  const [wanted, given] = [pattern.split('/'), pathname.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]))
  );
}
