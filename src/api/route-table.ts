/** A method and a path pattern such as `/api/teams/:id`. */
export interface Place {
  readonly method: string;
  readonly path: string;
}

/** The methods that a path takes; empty if there is no such path. */
export function methodsAt(places: readonly Place[], pathname: string): string[] {
  const methods = places.filter(({ path }) => matches(path, pathname)).map(({ method }) => method);
  return [...new Set(methods)].sort();
}

/** Whether a path is one of a pattern. */
export function matches(pattern: string, pathname: string): boolean {
  const [wanted, given] = [pattern.split('/'), pathname.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]))
  );
}
