/** The team that a subcommand is about. */
export const TEAM = {
  name: 'team',
  kind: 'team',
  positional: true,
  required: true,
  example: 'acme-prod',
  says: 'the id of the team',
} as const;
