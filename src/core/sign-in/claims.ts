// Reading claims: what an issuer wrote, which may be of any shape.

export type Claims = Readonly<Record<string, unknown>>;

/** The names on the way to a claim, from the outside in. */
export type ClaimPath = readonly string[];

/** `resource_access.acme.team` → three names; a dot that belongs to a name is written `\.`. */
export function claimPath(text: string): ClaimPath {
  return (text.match(/(?:\\.|[^.\\])+/g) ?? []).map((part) => part.replaceAll(/\\(.)/g, '$1'));
}

/** What stands at a place, or undefined. */
export function claimAt(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of path) {
    // Own members alone: a claim must not reach what every object inherits.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A claim that is one text or number, as text; undefined where it is missing, empty or of another shape. */
export function textAt(claims: Claims, path: ClaimPath | undefined): string | undefined {
  const value = path === undefined ? undefined : claimAt(claims, path);
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? String(value)
    : typeof value === 'string' && value !== ''
      ? value
      : undefined;
}

/** More groups than any directory lets into a token. */
const TEXTS_MAX = 200;

/** A claim that is a list of texts, or one text alone; each once, in the issuer's order. */
export function textsAt(claims: Claims, path: ClaimPath | undefined): string[] {
  const value = path === undefined ? undefined : claimAt(claims, path);
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((each) => typeof each === 'string').filter((each) => each !== '');
  return [...new Set(texts)].slice(0, TEXTS_MAX);
}

/** `scope`: a list, or one text with spaces between. Some issuers call it `scp`. */
export function scopesOf(claims: Claims): string[] {
  return [...textsAt(claims, ['scope']), ...textsAt(claims, ['scp'])].flatMap((text) =>
    text.split(/\s+/).filter((scope) => scope !== ''),
  );
}
