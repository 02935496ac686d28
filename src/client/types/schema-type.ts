// JSON Schema as a TypeScript type. It knows what our schemas say, which is what zod writes, and no more.

/** The part of JSON Schema that has a type of its own. */
export interface TypedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly TypedSchema[];
  readonly oneOf?: readonly TypedSchema[];
  readonly allOf?: readonly TypedSchema[];
  readonly items?: TypedSchema;
  readonly properties?: Readonly<Record<string, TypedSchema>>;
  readonly additionalProperties?: boolean | TypedSchema;
  readonly required?: readonly string[];
  readonly description?: string;
}

const COMPONENT = '#/components/schemas/';

/** The type of what a schema describes; `unknown` where it describes anything. */
export function typeOfSchema(schema: TypedSchema): string {
  if (schema.$ref !== undefined) {
    return typeOfReference(schema.$ref);
  }
  if (schema.const !== undefined) {
    return JSON.stringify(schema.const);
  }
  if (schema.enum !== undefined) {
    return union(schema.enum.map((value) => JSON.stringify(value)));
  }
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) {
    return union(either.map(typeOfSchema));
  }
  if (schema.allOf !== undefined) {
    return schema.allOf.map((one) => `(${typeOfSchema(one)})`).join(' & ');
  }
  const kinds = schema.type === undefined ? [] : [schema.type].flat();
  return kinds.length === 0 ? 'unknown' : union(kinds.map((kind) => typeOfKind(kind, schema)));
}

function typeOfReference(reference: string): string {
  if (!reference.startsWith(COMPONENT)) {
    throw new Error(`Writing types of the API: ${reference} refers to no component`);
  }
  return `components['schemas'][${JSON.stringify(reference.slice(COMPONENT.length))}]`;
}

function typeOfKind(kind: string, schema: TypedSchema): string {
  switch (kind) {
    case 'string':
    case 'boolean':
    case 'null':
      return kind;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `(${typeOfSchema(schema.items ?? {})})[]`;
    case 'object':
      return typeOfObject(schema);
    default:
      throw new Error(`Writing types of the API: there is no type for "${kind}"`);
  }
}

/** Fields by name, and whatever else may stand beside them. */
function typeOfObject({ properties = {}, required = [], additionalProperties }: TypedSchema) {
  const needed = new Set(required);
  const fields = Object.entries(properties).map(([name, field]) =>
    fieldOf(name, typeOfSchema(field), { isNeeded: needed.has(name), words: field.description }),
  );
  if (typeof additionalProperties !== 'object' && fields.length > 0) {
    return `{ ${fields.join(' ')} }`;
  }
  const other = typeof additionalProperties === 'object' ? additionalProperties : {};
  const open = `Record<string, ${typeOfSchema(other)}>`;
  return fields.length === 0 ? open : `{ ${fields.join(' ')} } & ${open}`;
}

/** `"name"?: type;` below the words that an editor shows. */
export function fieldOf(
  name: string,
  type: string,
  { isNeeded, words }: { readonly isNeeded: boolean; readonly words?: string | undefined },
): string {
  return `${commentOf(words)}${JSON.stringify(name)}${isNeeded ? '' : '?'}: ${type};`;
}

/** A line of its own, or nothing. */
export function commentOf(words: string | undefined): string {
  return words === undefined ? '' : `\n/** ${words.replaceAll('*/', '*\\/')} */\n`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ') || 'never';
}
