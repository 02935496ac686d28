// What may happen to a gate, drawn at random, and done to the real one and to its model alike.

import {
  bigInt,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  uniqueArray,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Budget } from '../../src/core/budgets/budget.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { Limit } from '../../src/core/limits/limit.ts';

export type SubjectName =
  | 'organization'
  | 'team-a'
  | 'team-b'
  | 'key-a'
  | 'user'
  | 'member'
  | 'end-user';
export type KeyName = 'key-a' | 'key-b' | 'key-of-user';

export type Action =
  | {
      readonly do: 'call';
      readonly key: KeyName;
      /** Whether it names the end user. */
      readonly isForEndUser: boolean;
      readonly cost: number;
      readonly tokens: number;
    }
  | { readonly do: 'settle' | 'mark'; readonly call: number; readonly percent: number }
  | { readonly do: 'reap' | 'drain' | 'drain-and-die' | 'flush' }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'top-up'; readonly team: 'team-a' | 'team-b'; readonly credits: number }
  | { readonly do: 'status'; readonly of: StatusOf; readonly status: string }
  | { readonly do: 'ceilings'; readonly of: SubjectName; readonly ceilings: Ceilings }
  | { readonly do: 'lose'; readonly record: SubjectName }
  | { readonly do: 'rotate'; readonly key: KeyName }
  | { readonly do: 'expire'; readonly key: KeyName; readonly seconds: number };

type StatusOf = 'organization' | 'team-a' | 'key-b' | 'end-user';

const SUBJECTS: readonly SubjectName[] = [
  'organization',
  'team-a',
  'team-b',
  'key-a',
  'user',
  'member',
  'end-user',
];
const KEYS: readonly KeyName[] = ['key-a', 'key-b', 'key-of-user'];

const limit: Arbitrary<Limit> = oneof(
  record({ kind: constant('requests' as const), max: integer({ min: 0, max: 4 }) }),
  record({
    kind: constant('usage_tokens' as const),
    max: integer({ min: 0, max: 300 }),
  }),
  record({ kind: constant('parallel' as const), max: integer({ min: 0, max: 3 }) }),
).map((some) => ({ ...some, model: null, shadow: false, boost: null }));

const budget: Arbitrary<Budget> = record({
  duration: constantFrom(null, '30s', '1h', '1d', '7d', '1mo'),
  maxNanoUsd: bigInt({ min: 0n, max: 500n }),
  anchorMs: constantFrom(0, 12_345),
}).map((some) => ({ ...some, model: null, softNanoUsd: null, shadow: false, boost: null }));

/** At most one of a kind or duration, as it must be. */
const ceilings: Arbitrary<Ceilings> = record({
  limits: uniqueArray(limit, { maxLength: 3, selector: ({ kind }) => kind }),
  budgets: uniqueArray(budget, { maxLength: 2, selector: ({ duration }) => duration }),
});

const call: Arbitrary<Action> = record({
  do: constant('call' as const),
  key: constantFrom(...KEYS),
  isForEndUser: boolean(),
  cost: integer({ min: 0, max: 200 }),
  tokens: integer({ min: 0, max: 150 }),
});

const aboutCall: Arbitrary<Action> = record({
  do: constantFrom('settle' as const, 'settle' as const, 'mark' as const),
  call: nat({ max: 20 }),
  // Above a hundred: usage beyond what was reserved.
  percent: constantFrom(0, 30, 100, 100, 170),
});

const status: Arbitrary<Action> = oneof(
  record({
    do: constant('status' as const),
    of: constantFrom('organization' as const, 'team-a' as const),
    status: constantFrom('active', 'suspended', 'paused'),
  }),
  record({
    do: constant('status' as const),
    of: constantFrom('key-b' as const, 'end-user' as const),
    status: constantFrom('active', 'blocked'),
  }),
);

/** Any action, the frequent ones more often. */
export const action: Arbitrary<Action> = oneof(
  { weight: 32, arbitrary: call },
  { weight: 24, arbitrary: aboutCall },
  {
    weight: 16,
    arbitrary: record({
      do: constant('pass' as const),
      seconds: constantFrom(1, 7, 16, 59, 60, 3_600, 86_400, 2_700_000),
    }),
  },
  {
    weight: 12,
    arbitrary: record({
      do: constant('ceilings' as const),
      of: constantFrom(...SUBJECTS),
      ceilings,
    }),
  },
  {
    weight: 8,
    arbitrary: record({
      do: constant('top-up' as const),
      team: constantFrom('team-a' as const, 'team-b' as const),
      credits: integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: record({
      do: constantFrom('reap' as const, 'drain' as const, 'drain-and-die' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: record({
      do: constant('lose' as const),
      record: constantFrom(...SUBJECTS),
    }),
  },
  { weight: 4, arbitrary: status },
  {
    weight: 4,
    arbitrary: record({ do: constant('rotate' as const), key: constantFrom(...KEYS) }),
  },
  {
    weight: 4,
    arbitrary: record({
      do: constant('expire' as const),
      key: constantFrom(...KEYS),
      seconds: constantFrom(0, 7, 60),
    }),
  },
  // It takes longer than all others: Redis is told everything anew.
  { weight: 1, arbitrary: constant({ do: 'flush' as const }) },
);
