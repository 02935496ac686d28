// Who was deleted stays on record for what they used. The mark lies in the part of the metadata that clients neither
// see nor set.

import type { User } from './member.ts';

/** Where rows keep what clients neither see nor set. */
export const HIDDEN = '_litellm';

type Metadata = User['metadata'];

export function isDeleted({ metadata }: Pick<User, 'metadata'>): boolean {
  return hiddenIn(metadata)['deleted'] === true;
}

/** The metadata of a person who goes. */
export function deleted(metadata: Metadata): Metadata {
  return { ...metadata, [HIDDEN]: { ...hiddenIn(metadata), deleted: true } };
}

/** The metadata of a person who is back. */
export function undeleted(metadata: Metadata): Metadata {
  const { deleted: _mark, ...rest } = hiddenIn(metadata);
  return { ...metadata, [HIDDEN]: rest };
}

function hiddenIn(metadata: Metadata): Metadata {
  const hidden = metadata[HIDDEN];
  return typeof hidden === 'object' && hidden !== null ? (hidden as Metadata) : {};
}
