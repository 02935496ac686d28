import type { ConfigProblem } from './problems.ts';
import { didYouMean } from './problems.ts';
import type { YamlSource } from './yaml-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'os.environ/';

/**
 * The value with every text `os.environ/NAME` replaced by that variable, so that secrets stay out of
 * the file. Variables that are not set come back as problems, each once.
 */
export function withReferences(
  source: YamlSource,
  env: Environment,
): { value: unknown; problems: ConfigProblem[] } {
  const missing = new Map<string, (readonly PropertyKey[])[]>();
  const visit = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string' && value.startsWith(PREFIX)) {
      return variable(value.slice(PREFIX.length), path);
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => visit(item, [...path, index]));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]),
      );
    }
    return value;
  };
  const variable = (name: string, path: readonly PropertyKey[]): string => {
    const found = env[name];
    if (found === undefined || found === '') {
      missing.set(name, [...(missing.get(name) ?? []), path]);
      // Stands in for the missing value, so that one mistake is not reported twice.
      return PREFIX + name;
    }
    return found;
  };
  const value = visit(source.value, []);
  const names = Object.keys(env).filter((known) => env[known] !== '');
  const problems = [...missing].map(([name, paths]) => {
    const hint = didYouMean(name, names) || ', set it or write the value here';
    const more = paths.length === 1 ? '' : ` (needed at ${paths.length} places)`;
    const message = `the environment variable ${name} is not set${more}${hint}`;
    return source.problemAt(paths[0] ?? [], message);
  });
  return { value, problems };
}

/** Whether this is a reference that could not be resolved, and was reported as such. */
export function isUnresolved(text: string): boolean {
  return text.startsWith(PREFIX);
}
