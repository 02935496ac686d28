/** How usage is asked for, of whomever. */
export const USAGE_ARGUMENTS = [
  {
    name: 'range',
    kind: 'range',
    positional: true,
    example: 'range=30d',
    says: '7d, 14d, 30d, 90d or 365d; 14 days if absent',
  },
  {
    name: 'by',
    kind: 'dimension',
    example: 'by=key',
    says: 'what to tell apart: model, team, key, user, tag or job_type',
  },
  { name: 'as', kind: 'showing', example: 'as=csv', says: 'message, csv or picture' },
] as const;
