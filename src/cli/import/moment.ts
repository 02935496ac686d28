/** LiteLLM's moments are UTC, and some of its versions do not say so. */
export function momentOf(text: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
}
