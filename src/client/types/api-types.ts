// An OpenAPI document as the types that openapi-fetch reads: every path with its methods, what each takes and answers.
// The generator that goes with it (openapi-typescript 7) prints by the compiler's JavaScript API, which TypeScript 7 has
// not; beside a second compiler for it, whose `tsc` takes the place of ours, our few kinds of schema are the lesser thing.

import { commentOf, fieldOf, typeOfSchema } from './schema-type.ts';
import type { TypedSchema } from './schema-type.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: TypedSchema;
}

type Content = Readonly<Record<string, { readonly schema: TypedSchema }>>;

interface Operation {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}

export interface TypedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, TypedSchema>> };
}

const STREAM = 'text/event-stream';
const PLACES = ['path', 'query', 'header'] as const;

/**
 * The text of a module with `paths` and `components`. Streams of events are left out: what broke off in one can't be
 * asked for again, so a client that tries again is none for them.
 */
export function apiTypesOf({ paths, components }: TypedDocument): string {
  const places = Object.entries(paths).flatMap(([path, operations]) => {
    const kept = Object.entries(operations).filter(([, operation]) => !streams(operation));
    const methods = kept.map(([method, operation]) => operationOf(method, operation));
    return methods.length === 0 ? [] : [`${JSON.stringify(path)}: {\n${methods.join('\n')}\n};`];
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    fieldOf(name, typeOfSchema(schema), { isNeeded: true }),
  );
  return `// Written out of the OpenAPI document; it is written anew when that changes.

export interface paths {
${places.join('\n')}
}

export interface components {
schemas: {
${schemas.join('\n')}
};
}
`;
}

function streams({ responses }: Operation): boolean {
  return Object.values(responses).some(({ content }) => content[STREAM] !== undefined);
}

function operationOf(method: string, operation: Operation): string {
  const { summary, parameters, requestBody, responses } = operation;
  const body =
    requestBody === undefined
      ? 'requestBody?: never;'
      : `requestBody${requestBody.required ? '' : '?'}: { content: ${contentOf(requestBody.content)} };`;
  const answers = Object.entries(responses).map(
    ([status, { content }]) => `${status}: { content: ${contentOf(content)} };`,
  );
  return `${commentOf(summary)}${method}: {
parameters: { ${PLACES.map((place) => parametersIn(place, parameters)).join(' ')} };
${body}
responses: {
${answers.join('\n')}
};
};`;
}

function parametersIn(place: Parameter['in'], all: readonly Parameter[]): string {
  const here = all.filter((parameter) => parameter.in === place);
  const isNeeded = here.some(({ required }) => required);
  const fields = here.map(({ name, schema, required, description }) =>
    fieldOf(name, typeOfSchema(schema), {
      isNeeded: required,
      words: description ?? schema.description,
    }),
  );
  return here.length === 0
    ? `${place}?: never;`
    : `${place}${isNeeded ? '' : '?'}: { ${fields.join(' ')} };`;
}

function contentOf(content: Content): string {
  const kinds = Object.entries(content).map(
    ([kind, { schema }]) => `${JSON.stringify(kind)}: ${typeOfSchema(schema)};`,
  );
  return `{ ${kinds.join(' ')} }`;
}
