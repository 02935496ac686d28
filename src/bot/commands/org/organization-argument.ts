/** The organization that a subcommand is about. */
export const ORGANIZATION = {
  name: 'org',
  kind: 'org',
  positional: true,
  required: true,
  example: 'acme',
  says: 'the id of the organization',
} as const;
