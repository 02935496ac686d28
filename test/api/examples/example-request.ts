/**
 * A request of the documentation: method, URL, body, which fields of its answer later ones name as `{…}`, and the
 * session that it needs where the admin key is not enough.
 */
export type ExampleRequest = readonly [
  method: string,
  url: string,
  body?: unknown,
  kept?: Readonly<Record<string, string>>,
  session?: string,
];
