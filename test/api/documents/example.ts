// What the documents show: requests, with what they say is answered.

export interface Example {
  /** `saas-litellm-teams:31`, where the reader finds it. */
  readonly place: string;
  readonly method: string;
  /** With its query, without the host. */
  readonly path: string;
  readonly body?: unknown;
  /** The answer as it stands there. */
  readonly answer?: unknown;
  /** What the code after a call reads out of its answer. */
  readonly reads: readonly Read[];
}

/** `['teams', '*', 'spend']` is the field `spend` of each of `teams`. */
export interface Read {
  readonly path: readonly string[];
  readonly kind: 'anything' | 'number' | 'list';
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
