import type { RefusalKind } from './kind.ts';

const INVALID = 'invalid_request_error';

/** Changes that would break a rule. */
export const CHANGE_REFUSALS = {
  organization_unknown: {
    status: 404,
    type: INVALID,
    message: "Organization '{organization}' not found",
    slack: 'There is no organization `{organization}`.',
    cure: 'Check the id, or create the organization first.',
  },
  organization_exists: {
    status: 400,
    type: INVALID,
    message: "Organization '{organization}' already exists",
    slack: 'Organization `{organization}` exists already.',
    cure: 'Use it as it is, or choose another id.',
  },
  team_unknown: {
    status: 404,
    type: INVALID,
    message: "Team '{team}' not found",
    slack: 'There is no team `{team}`.',
    cure: 'Check the id with "/team list".',
  },
  team_exists: {
    status: 400,
    type: INVALID,
    message: "Team '{team}' already exists",
    slack: 'Team `{team}` exists already, in organization `{organization}`.',
    cure: 'Choose another id, or change the team that exists.',
  },
  key_not_found: {
    status: 404,
    type: INVALID,
    message: "Key '{key}' not found",
    slack: 'There is no key `{key}` here.',
    cure: 'See the keys of the team with "/team key list <team>".',
  },
  access_group_unknown: {
    status: 404,
    type: INVALID,
    message: "Model access group '{group}' not found",
    slack: 'There is no access group `{group}`. There are: {known}.',
    cure: 'Use one of the groups configured under "access_groups": {known}.',
  },
  value_invalid: {
    status: 400,
    type: INVALID,
    message: '{field} is not acceptable: {complaint}.',
    cure: 'Correct {field}; nothing was changed.',
  },
  reference_conflict: {
    status: 409,
    type: INVALID,
    message: 'The reference {reference} was already used for something else.',
    cure: 'Use a new reference for a new change.',
  },
  link_unknown: {
    status: 404,
    type: INVALID,
    message: 'This link leads nowhere: it was mistyped, or its team is gone.',
    cure: 'Ask your account manager for a new key.',
  },
  link_expired: {
    status: 410,
    type: INVALID,
    message: 'This link expired at {at}.',
    cure: 'Ask your account manager for a new key.',
  },
  link_opened: {
    status: 410,
    type: INVALID,
    message: 'This key was already revealed at {at}.',
    cure: 'If that was not you or somebody you trust, ask your account manager to revoke it.',
  },
} as const satisfies Record<string, RefusalKind>;
