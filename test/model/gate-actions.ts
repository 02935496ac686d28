// What may happen to a gate, drawn at random, and done to the real one and to its model alike.

import fc from 'fast-check';
import type { Budget } from '../../src/core/budgets/budget.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { Limit } from '../../src/core/limits/limit.ts';

export type SubjectName = 'organization' | 'team-a' | 'team-b' | 'key-a' | 'user' | 'member';
export type KeyName = 'key-a' | 'key-b' | 'key-of-user';

export type Action =
  | { readonly do: 'call'; readonly key: KeyName; readonly cost: number; readonly tokens: number }
  | { readonly do: 'settle' | 'mark'; readonly call: number; readonly percent: number }
  | { readonly do: 'reap' | 'drain' }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'top-up'; readonly team: 'team-a' | 'team-b'; readonly credits: number }
  | { readonly do: 'status'; readonly of: StatusOf; readonly status: string }
  | { readonly do: 'ceilings'; readonly of: SubjectName; readonly ceilings: Ceilings }
  | { readonly do: 'lose'; readonly record: SubjectName }
  | { readonly do: 'rotate'; readonly key: KeyName };

type StatusOf = 'organization' | 'team-a' | 'key-b';

const SUBJECTS: readonly SubjectName[] = [
  'organization',
  'team-a',
  'team-b',
  'key-a',
  'user',
  'member',
];
const KEYS: readonly KeyName[] = ['key-a', 'key-b', 'key-of-user'];

const limit: fc.Arbitrary<Limit> = fc
  .oneof(
    fc.record({ kind: fc.constant('requests' as const), max: fc.integer({ min: 0, max: 4 }) }),
    fc.record({
      kind: fc.constant('usage_tokens' as const),
      max: fc.integer({ min: 0, max: 300 }),
    }),
    fc.record({ kind: fc.constant('parallel' as const), max: fc.integer({ min: 0, max: 3 }) }),
  )
  .map((some) => ({ ...some, model: null, shadow: false, boost: null }));

const budget: fc.Arbitrary<Budget> = fc
  .record({
    duration: fc.constantFrom(null, '30s', '1h', '1d', '7d', '1mo'),
    maxNanoUsd: fc.bigInt({ min: 0n, max: 500n }),
    anchorMs: fc.constantFrom(0, 12_345),
  })
  .map((some) => ({ ...some, model: null, softNanoUsd: null, shadow: false, boost: null }));

/** At most one of a kind or duration, as it must be. */
const ceilings: fc.Arbitrary<Ceilings> = fc.record({
  limits: fc.uniqueArray(limit, { maxLength: 3, selector: ({ kind }) => kind }),
  budgets: fc.uniqueArray(budget, { maxLength: 2, selector: ({ duration }) => duration }),
});

const call: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('call' as const),
  key: fc.constantFrom(...KEYS),
  cost: fc.integer({ min: 0, max: 200 }),
  tokens: fc.integer({ min: 0, max: 150 }),
});

const aboutCall: fc.Arbitrary<Action> = fc.record({
  do: fc.constantFrom('settle' as const, 'settle' as const, 'mark' as const),
  call: fc.nat({ max: 20 }),
  // Above a hundred: usage beyond what was reserved.
  percent: fc.constantFrom(0, 30, 100, 100, 170),
});

const status: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('status' as const),
    of: fc.constantFrom('organization' as const, 'team-a' as const),
    status: fc.constantFrom('active', 'suspended', 'paused'),
  }),
  fc.record({
    do: fc.constant('status' as const),
    of: fc.constant('key-b' as const),
    status: fc.constantFrom('active', 'blocked'),
  }),
);

/** Any action, the frequent ones more often. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: call },
  { weight: 6, arbitrary: aboutCall },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 7, 16, 59, 60, 3_600, 86_400, 2_700_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ceilings' as const),
      of: fc.constantFrom(...SUBJECTS),
      ceilings,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('top-up' as const),
      team: fc.constantFrom('team-a' as const, 'team-b' as const),
      credits: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('reap' as const, 'drain' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      record: fc.constantFrom(...SUBJECTS),
    }),
  },
  { weight: 1, arbitrary: status },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rotate' as const), key: fc.constantFrom(...KEYS) }),
  },
);
