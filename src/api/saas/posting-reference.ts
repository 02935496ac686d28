import { newId, sha256 } from '../../core/ids.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { markOf } from '../answered-once.ts';

/**
 * What a posting is found by, and posted once under. The admin key's is its own word, which its scripts look up; the
 * same word of another caller is another one, or two people's credits would be added once.
 */
export function referenceOf(caller: Caller, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) {
    return `api:${newId()}`;
  }
  const isAdminKey = caller.actor.id === 'api:admin';
  return `api:${isAdminKey ? idempotencyKey : sha256(markOf(caller, idempotencyKey))}`;
}
