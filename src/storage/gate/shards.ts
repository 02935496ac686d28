import { createHash } from 'node:crypto';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';

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
  /**
   * Hash: `run` of Redis; `generation`, which rises with each run; `renewed_ms`; `opens_ms`; the generation and
   * version of the `catalog`; the position up to which usage is `drained`. One read tells all of it.
   */
  readonly epoch: string;
  /** Hash: which access group grants which alias. */
  readonly access: string;
  /**
   * Hash: reservation → "held|team|deadline in ms|charge, cost and usage tokens as last marked|taken of
   * meters|event as last marked".
   */
  readonly open: string;
  /** Sets: reservations that ended, so that none ends twice; the worker turns them over. */
  readonly resolved: string;
  readonly resolvedBefore: string;
  /**
   * Stream of usage events: `e` is "charge excess reservation team event"; `b`, where budgets were spent from, is
   * "cost subject,meter,period;…".
   */
  readonly usage: string;
  /** Hash: reservation that the reaper ended → "charge|ms|cost", for owners that were only cut off. */
  readonly lapsed: string;
  readonly key: (id: string) => string;
  readonly team: (id: string) => string;
  readonly organization: (id: string) => string;
  /** The record of any subject, under the name that its meters are taken by. */
  readonly subject: (subject: Subject) => string;
  readonly named: (subject: string) => string;
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
      resolved: `${prefix}resolved`,
      resolvedBefore: `${prefix}resolved-before`,
      usage: `${prefix}usage`,
      lapsed: `${prefix}lapsed`,
      key: (id) => `${prefix}key:${id}`,
      team: (id) => `${prefix}team:${id}`,
      organization: (id) => `${prefix}organization:${id}`,
      subject: (subject) => `${prefix}${subjectText(subject)}`,
      named: (subject) => `${prefix}${subject}`,
    };
  });
}

/** Where it stands which team and organization a key belongs to. Never changes, so never versioned. */
export function identityKey(namespace: string, hash: string): string {
  return `${namespace}:identity:${hash}`;
}
