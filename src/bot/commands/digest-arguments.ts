/** How digests are asked for, of whomever. */
export const DIGEST_ARGUMENTS = [
  {
    name: 'every',
    kind: 'every',
    positional: true,
    required: true,
    example: 'weekly',
    says: 'daily, weekly, monthly, or off for none any more',
  },
  {
    name: 'channel',
    kind: 'channel',
    example: 'channel=#acme-prod',
    says: 'where they are told; else where you type this',
  },
] as const;
