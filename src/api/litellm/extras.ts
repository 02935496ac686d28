// Fields of LiteLLM that mean nothing here are kept as they came and given back. Those that LiteLLM shows inside
// of `metadata` stand there; the others under a name of their own, which is not shown.

import { HIDDEN } from '../../core/members/deleted.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What is kept beside the metadata. */
export function extrasOf(metadata: Json): Json {
  const own = metadata[HIDDEN];
  return typeof own === 'object' && own !== null ? (own as Json) : {};
}

/** The metadata that clients know of. */
export function shownMetadata({ [HIDDEN]: _own, ...shown }: Json): Json {
  return shown;
}

/** Metadata as it is to be stored; extras that are null or undefined are forgotten. */
export function storedMetadata(shown: Json, extras: Json): Json {
  const kept = Object.entries(extras).filter(([, value]) => value !== null && value !== undefined);
  const { [HIDDEN]: _own, ...rest } = shown;
  return kept.length === 0 ? rest : { ...rest, [HIDDEN]: Object.fromEntries(kept) };
}

/** The fields of a body that have one of these names and were given. */
export function givenOf(body: Json, names: readonly string[]): Json {
  return Object.fromEntries(
    names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
  );
}

/** Without the fields that are null. */
export function withoutNulls(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
