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
  {
    name: 'csv',
    kind: 'yes_no',
    example: '--csv',
    says: 'the figures by day and model follow as a file',
  },
] as const;
