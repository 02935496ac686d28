// What may be said about limits and budgets, whosever they are.

const MODEL = {
  name: 'model',
  kind: 'model',
  example: 'model=gpt-4o',
  says: 'for this model alone; else for all of them together',
} as const;

const SHADOW = {
  name: 'shadow',
  kind: 'yes_no',
  label: 'Only watch (shadow)',
  example: 'shadow=yes',
  says: 'counts and tells, but refuses nothing',
} as const;

const UNTIL = {
  name: 'until',
  kind: 'end',
  example: 'until=friday',
  says: 'when the boost ends: 2d, friday, 2026-12-01; the day is included',
} as const;

export const LIMIT_ARGUMENTS = [
  {
    name: 'requests',
    kind: 'count',
    label: 'Requests a minute',
    example: 'requests=100',
    says: 'calls in any 60 seconds; off removes the limit',
  },
  {
    name: 'tokens',
    kind: 'count',
    label: 'Tokens a minute',
    example: 'tokens=20k',
    says: 'usage tokens in any 60 seconds, input and output together; or off',
  },
  {
    name: 'parallel',
    kind: 'count',
    label: 'Calls at once',
    example: 'parallel=5',
    says: 'calls under way at once; or off',
  },
  MODEL,
  SHADOW,
  {
    name: 'boost',
    kind: 'raise',
    example: 'boost=+50%',
    says: 'raises it for a while, by a number or a percentage; off ends it',
  },
  UNTIL,
  {
    name: 'of',
    kind: 'limit',
    label: 'Which limit',
    example: 'of=requests',
    says: 'which limit boost and shadow are about',
  },
] as const;

export const BUDGET_VIEW = {
  name: 'view',
  kind: 'word',
  positional: true,
  choices: ['history'],
  example: 'history',
  says: 'history shows what became of the periods that are over',
} as const;

export const BUDGET_ARGUMENTS = [
  {
    name: 'max',
    kind: 'usd',
    example: 'max=$500',
    says: 'what calls may cost at the provider within a period; off removes the budget',
  },
  {
    name: 'every',
    kind: 'duration',
    example: 'every=30d',
    says: 'when it starts over: 1d, 7d, 30d (a month), 12h; or ever',
  },
  {
    name: 'soft',
    kind: 'usd',
    example: 'soft=$400',
    says: 'shown as passed, and nothing is refused; or off',
  },
  MODEL,
  SHADOW,
  {
    name: 'boost',
    kind: 'usd_raise',
    example: 'boost=$100',
    says: 'raises it for a while, by dollars or a percentage; off ends it',
  },
  UNTIL,
] as const;

export const OF_KEY_OR_MEMBER = [
  {
    name: 'key',
    kind: 'key',
    example: 'key=9bdd',
    says: 'of one key of the team, by its last four characters or its name',
  },
  {
    name: 'member',
    kind: 'member',
    example: 'member=ann@acme.com',
    says: 'of one person within this team',
  },
] as const;

export const OF_END_USER = {
  name: 'enduser',
  kind: 'text',
  label: 'End user',
  example: 'enduser=customer-7',
  says: 'of one end user: calls that name them',
} as const;

export const OF_USER = {
  name: 'user',
  kind: 'person',
  example: 'user=ann@acme.com',
  says: 'of one person, over all teams',
} as const;
