import { z } from 'zod';
import type { ConfigProblem } from './problems.ts';
import { suggestion } from './problems.ts';
import { createRemains } from './remains.ts';
import type { ConfigFile } from './schema.ts';
import { configFile } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

export interface Validated {
  /** What is left of the file without its mistakes. */
  readonly file: ConfigFile;
  readonly problems: readonly ConfigProblem[];
  /** Whether there is a mistake at or under this place of what is left, but for keys of these names. */
  readonly hasMistake: (place: readonly PropertyKey[], except?: readonly PropertyKey[]) => boolean;
  /** The file for whoever judges what is left: names lines by the places that things have there. */
  readonly source: YamlSource;
}

/**
 * The file's value in its type, and every mistake in it. What has a mistake is left out, so that the rest
 * can be judged in the same go. No message repeats a configured value.
 */
export function validate(source: YamlSource, value: unknown): Validated {
  const remains = createRemains(value);
  const first = configFile.safeParse(value, { error: sentence });
  const issues = first.error?.issues ?? [];
  let result = first;
  // Ends, because each round takes something out, and an empty file is valid.
  while (!result.success) {
    remains.takeOut(result.error.issues.flatMap(placesOf));
    result = configFile.safeParse(remains.value());
  }
  return {
    file: result.data,
    problems: issues.flatMap((issue) => problemsOf(source, issue)),
    hasMistake: (place, except = []) => {
      const wanted = remains.placeOf(place);
      return issues
        .flatMap(placesOf)
        .some(
          (each) =>
            wanted.every((part, depth) => each[depth] === part) &&
            !except.includes(each.at(-1) ?? ''),
        );
    },
    source: {
      ...source,
      problemAt: (place, message) => source.problemAt(remains.placeOf(place), message),
    },
  };
}

function placesOf(issue: z.core.$ZodIssue): (readonly PropertyKey[])[] {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [...issue.path, key])
    : [issue.path];
}

function problemsOf(source: YamlSource, issue: z.core.$ZodIssue): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(configFile, issue.path);
    return issue.keys.map((key) =>
      source.problemAt([...issue.path, key], `"${key}" is not known${suggestion(key, allowed)}`),
    );
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues.map((each) => each.message).join(', ');
    return [source.problemAt(issue.path, `this name ${message}`)];
  }
  return [source.problemAt(issue.path, issue.message)];
}

/** Schemas that say their own sentence are not asked here. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing, it must be ${withArticle(issue.expected)}`
        : `must be ${withArticle(issue.expected)}, not ${withArticle(kindOf(issue.input))}`;
    case 'too_big':
      return `is above the ${issue.maximum} that are allowed`;
    case 'too_small':
      return `is below the ${issue.minimum} that are allowed`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    default:
      return undefined;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a block of "key: value" lines',
  record: 'a block of "key: value" lines',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  null: 'empty',
  boolean: 'true or false',
};

function withArticle(kind: string): string {
  return WORDS[kind] ?? kind;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The keys that the schema allows in the block at this path. */
function keysAt(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema: unknown = root;
  for (const part of path) {
    const block = unwrapped(schema);
    if (block instanceof z.ZodObject) {
      schema = block.shape[String(part)];
    } else if (block instanceof z.ZodArray) {
      schema = block.element;
    } else if (block instanceof z.ZodRecord) {
      schema = block.valueType;
    }
  }
  const block = unwrapped(schema);
  return block instanceof z.ZodObject ? Object.keys(block.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}
