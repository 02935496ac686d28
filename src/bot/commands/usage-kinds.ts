// How the words are read by which usage is asked for.

import { DIGEST_EVERY } from '../../core/digests/digest.ts';
import type { DigestEvery } from '../../core/digests/digest.ts';
import type { UsageDimension } from '../../core/usage/usage-range.ts';
import { shortened } from '../escape.ts';
import { nearest } from '../../core/nearest.ts';
import { USAGE_RANGES } from '../usage-reading.ts';
import type { UsageRange } from '../usage-reading.ts';
import type { Unreadable } from './kinds.ts';

type Showing = 'message' | 'csv' | 'picture';

export interface UsageKindValues {
  readonly range: UsageRange;
  readonly dimension: UsageDimension;
  readonly showing: Showing;
  /** How often; `off` ends it. */
  readonly every: DigestEvery | 'off';
}

type Readers = {
  readonly [K in keyof UsageKindValues]: (typed: string) => UsageKindValues[K] | Unreadable;
};

const RANGES = Object.keys(USAGE_RANGES) as UsageRange[];
export const USAGE_DIMENSIONS: readonly UsageDimension[] = [
  'model',
  'team',
  'key',
  'user',
  'tag',
  'job_type',
];
const SHOWINGS: readonly Showing[] = ['message', 'csv', 'picture'];

/** Words that people type for what has another name. */
const MEANT: Readonly<Record<string, string>> = {
  week: '7d',
  month: '30d',
  quarter: '90d',
  year: '365d',
  '1y': '365d',
  '12m': '365d',
  models: 'model',
  teams: 'team',
  keys: 'key',
  users: 'user',
  member: 'user',
  person: 'user',
  tags: 'tag',
  job: 'job_type',
  png: 'picture',
  chart: 'picture',
  file: 'csv',
};

export const USAGE_READERS: Readers = {
  range: (typed) => oneOf(typed, RANGES, 'a range'),
  dimension: (typed) => oneOf(typed, USAGE_DIMENSIONS, 'what usage can be told apart by'),
  every: (typed) => oneOf(typed, [...DIGEST_EVERY, 'off'] as const, 'how often'),
  showing: (typed) => oneOf(typed, SHOWINGS, 'a way to show it'),
};

function oneOf<Word extends string>(
  typed: string,
  words: readonly Word[],
  what: string,
): Word | Unreadable {
  const wanted = typed.toLowerCase();
  const found = words.find((word) => word === wanted || word === MEANT[wanted]);
  const [near] = nearest(wanted, words, 1);
  const cure = near === undefined ? '' : `; did you mean “${near}”?`;
  const echo = shortened(typed, 40);
  return found ?? { complaint: `“${echo}” is not ${what}: there are ${words.join(', ')}${cure}` };
}
