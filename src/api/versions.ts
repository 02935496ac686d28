// ETag and If-Match: a change that was thought of an older state is refused.

import { complaintAboutId } from '../core/ids.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Records, Stores } from '../core/stores.ts';

/** What carries a version; its id is `:id` of the path. */
export type Versioned = 'organization' | 'team' | 'key';

/** Rises with each change; undefined for what does not exist. */
export async function versionOf(
  records: Records,
  kind: Versioned,
  id: string,
): Promise<bigint | undefined> {
  if (complaintAboutId(id) !== undefined) {
    return undefined;
  }
  const found = {
    organization: async () => records.organizations.find(id),
    team: async () => records.teams.find(id),
    key: async () => records.keys.find(id),
  };
  return (await found[kind]())?.version;
}

export interface Watched {
  readonly stores: Stores;
  /** The version that the last change left; undefined where there was none. */
  version(): bigint | undefined;
}

/**
 * Stores whose changes tell the version that they leave. Where one is expected they begin by comparing it, so that
 * nothing can come in between.
 */
export function watched(
  stores: Stores,
  kind: Versioned,
  id: string,
  expected: string | undefined,
): Watched {
  const { records } = stores;
  let left: bigint | undefined;
  const change: Records['change'] = async (work) => {
    // What the first of several changes leaves is what the next one goes out from.
    const awaited = expected === undefined || left === undefined ? expected : etagOf(left);
    let leaves: bigint | undefined;
    const done = await records.change(async (inside) => {
      if (awaited !== undefined) {
        await lock(inside, kind, id);
        const version = await versionOf(inside, kind, id);
        if (version !== undefined && !matches(awaited, version)) {
          return refuse('version_conflict', {
            kind,
            id,
            version: etagOf(version),
            expected: awaited,
          });
        }
      }
      const worked = await work(inside);
      // Within the change: what others do after it is not known to whoever reads its answer.
      leaves = await versionOf(inside, kind, id);
      return worked;
    });
    left = isRefusal(done) ? left : leaves;
    return done;
  };
  return { stores: { ...stores, records: { ...records, change } }, version: () => left };
}

/** The organization's row first: changes of limits take the locks in this order. */
async function lock(records: Records, kind: Versioned, id: string): Promise<void> {
  if (complaintAboutId(id) !== undefined) {
    return;
  }
  if (kind === 'organization') {
    await records.organizations.locked(id);
    return;
  }
  const part = kind === 'team' ? records.teams : records.keys;
  const found = await part.find(id);
  if (found !== undefined) {
    await records.organizations.locked(found.organizationId);
    await part.locked(id);
  }
}

export function etagOf(version: bigint): string {
  return `"${version}"`;
}

/** As HTTP has it: any of a list, or `*` for whatever there is. */
function matches(expected: string, version: bigint): boolean {
  return expected
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === '*' || each === etagOf(version));
}

/** The header as it was sent; a refusal where it could not have come from us. */
export function ifMatchIn(header: string | undefined): string | undefined | Refusal {
  return header === undefined || /^(\*|(W\/)?"\d{1,19}"(, *(W\/)?"\d{1,19}")*)$/.test(header)
    ? header
    : refuse('parameter_invalid', {
        parameter: 'If-Match',
        complaint: 'it must be the ETag of an answer, with its quotes',
      });
}
