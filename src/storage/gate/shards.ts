import { createHash } from 'node:crypto';

/**
 * Fixed for ever: an organization's shard is drawn from its id, and moving one would mean moving its
 * money. Sixteen spread over as many cluster nodes as a gate this cheap will ever need.
 */
export const SHARD_COUNT = 16;

export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARD_COUNT }, (_, at) => at);

const drawn = new Map<string, number>();
/** Organizations whose shard is remembered; beyond it the memory starts afresh. */
const DRAWN_MAX = 100_000;

/** The shard in which all keys of an organization live. */
export function shardOf(organizationId: string): number {
  let shard = drawn.get(organizationId);
  if (shard === undefined) {
    shard = createHash('sha256').update(organizationId).digest().readUInt32BE(0) % SHARD_COUNT;
    if (drawn.size >= DRAWN_MAX) {
      drawn.clear();
    }
    drawn.set(organizationId, shard);
  }
  return shard;
}

/** The gate's keys of one shard. One hash tag holds them on one cluster node. */
export interface ShardKeys {
  readonly shard: number;
  /** Hash: `run` of Redis, `generation` that rises with each run, `renewed_ms`, `opens_ms`. */
  readonly epoch: string;
  /** Hash: which access group grants which alias. */
  readonly access: string;
  /** Hash: reservation → "held|team|about". */
  readonly open: string;
  /** Sorted set: reservation by deadline. */
  readonly due: string;
  /** Hash: reservation → "charge|event", as last marked. */
  readonly marks: string;
  /** Sorted set: reservations that ended, by when; so that none ends twice. */
  readonly resolved: string;
  /** Stream of usage events. */
  readonly usage: string;
  /** Hash: team → "position|charged" as of its latest event. */
  readonly latest: string;
  /** Hash: reservation that the reaper ended → "charge|ms", for owners that were only cut off. */
  readonly lapsed: string;
  /** The position up to which usage stands in Postgres. */
  readonly drained: string;
  readonly key: (hash: string) => string;
  readonly team: (id: string) => string;
  readonly organization: (id: string) => string;
}

/** Names every key of every shard under a namespace. */
export function shardKeys(namespace: string): readonly ShardKeys[] {
  return ALL_SHARDS.map((shard) => {
    const prefix = `${namespace}:{s${shard}}:`;
    return {
      shard,
      epoch: `${prefix}epoch`,
      access: `${prefix}access`,
      open: `${prefix}open`,
      due: `${prefix}due`,
      marks: `${prefix}marks`,
      resolved: `${prefix}resolved`,
      usage: `${prefix}usage`,
      latest: `${prefix}latest`,
      lapsed: `${prefix}lapsed`,
      drained: `${prefix}drained`,
      key: (hash) => `${prefix}key:${hash}`,
      team: (id) => `${prefix}team:${id}`,
      organization: (id) => `${prefix}organization:${id}`,
    };
  });
}

/** Where it stands which team and organization a key belongs to. Never changes, so never versioned. */
export function identityKey(namespace: string, hash: string): string {
  return `${namespace}:identity:${hash}`;
}
