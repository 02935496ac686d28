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
  user_unknown: {
    status: 404,
    type: INVALID,
    message: "User '{user}' not found in organization '{organization}'",
    slack: 'There is no user `{user}` in organization `{organization}`.',
    cure: 'Check the id, or have the user created with it.',
  },
  user_exists: {
    status: 400,
    type: INVALID,
    message: "User '{user}' already exists in organization '{organization}'",
    slack: 'User `{user}` exists already in organization `{organization}`.',
    cure: 'Use it as it is, or choose another id.',
  },
  member_unknown: {
    status: 404,
    type: INVALID,
    message: "User '{user}' is not a member of team '{team}'",
    slack: '`{user}` is no member of team `{team}`.',
    cure: 'See who is with "/team members {team}".',
  },
  member_exists: {
    status: 400,
    type: INVALID,
    message: "User '{user}' is already a member of team '{team}'",
    slack: '`{user}` is a member of team `{team}` already.',
    cure: 'Nothing is to be done; a role is changed, not added.',
  },
  access_group_unknown: {
    status: 404,
    type: INVALID,
    message: "Model access group '{group}' not found",
    slack: 'There is no access group `{group}`. There are: {known}.',
    cure: 'Use one of the groups configured under "access_groups": {known}.',
  },
  plan_unknown: {
    status: 404,
    type: INVALID,
    message: "Budget '{plan}' not found",
    slack: 'There is no budget plan `{plan}`.',
    cure: 'Check the id with GET /budget/list, or create it first.',
  },
  plan_exists: {
    status: 400,
    type: INVALID,
    message: "Budget '{plan}' already exists",
    slack: 'Budget plan `{plan}` exists already.',
    cure: 'Use it as it is, or choose another id.',
  },
  over_allocated: {
    status: 409,
    type: INVALID,
    message:
      "The teams of organization '{organization}' would be allowed {sum} together, and it has {max} ({ceiling}).",
    slack:
      'The teams of `{organization}` would be allowed {sum} together, and it has {max} ({ceiling}).',
    cure: "Lower what the teams have, raise the organization's, or allow over-allocation; nothing was changed.",
  },
  webhook_unknown: {
    status: 404,
    type: INVALID,
    message: "Webhook '{webhook}' not found",
    slack: 'There is no webhook `{webhook}`.',
    cure: 'See them with "GET /api/webhooks".',
  },
  value_invalid: {
    status: 400,
    type: INVALID,
    message: '{field} is not acceptable: {complaint}.',
    cure: 'Correct {field}; nothing was changed.',
  },
  plan_expired: {
    status: 409,
    type: INVALID,
    message: 'This plan is too old, or there is none',
    slack: 'This preview is too old: states and balances may be others by now.',
    cure: 'Ask for a new one; nothing was changed.',
  },
  credits_not_spendable: {
    status: 409,
    type: INVALID,
    message:
      "Team '{team}' cannot give {wanted}: {spendable} spendable, {reserved} held by calls under way.",
    slack:
      '`{team}` cannot give {wanted}: {spendable} spendable, {reserved} held by calls under way.',
    cure: 'Take at most what is spendable, or wait until the calls have ended; nothing was changed.',
  },
  charge_unknown: {
    status: 404,
    type: INVALID,
    message: "Call '{call}' was not charged anything, or is not in the records yet",
    slack: 'Call `{call}` was not charged anything, or is not in the records yet.',
    cure: 'Check the id; a call that has just ended is there within a second.',
  },
  charge_pruned: {
    status: 410,
    type: INVALID,
    message:
      "Call '{call}' of {made} is not in the records: those from before {before} have been removed by age",
    slack:
      'Call `{call}` of {made} is not in the records: those from before {before} have been removed by age.',
    cure: 'Give the credits back by an adjustment, with this id as its reason; nothing was changed.',
  },
  refund_too_large: {
    status: 400,
    type: INVALID,
    message: "Call '{call}' was charged {charged}: {problem}.",
    slack: 'Call `{call}` was charged {charged}: {problem}.',
    cure: 'Refund at most the rest, or grant credits instead; nothing was changed.',
  },
  reference_conflict: {
    status: 409,
    type: INVALID,
    message: 'The reference {reference} was already used for something else.',
    cure: 'Use a new reference for a new change.',
  },
  setup_done: {
    status: 400,
    type: INVALID,
    message: 'Setup already completed. Owner account exists.',
    cure: 'Sign in, or have an owner make an account.',
  },
  staff_unknown: {
    status: 404,
    type: INVALID,
    message: 'User not found',
    cure: 'See who there is with GET /api/admin-users.',
  },
  staff_exists: {
    status: 400,
    type: INVALID,
    message: 'Email already registered',
    cure: 'Change the account that exists.',
  },
  staff_own: {
    status: 400,
    type: INVALID,
    message: '{rule}',
    cure: 'Have another owner do it.',
  },
  credential_unknown: {
    status: 404,
    type: INVALID,
    message: "Provider credential '{credential}' not found",
    cure: 'See which there are with GET /api/provider-credentials?active_only=false.',
  },
  credential_exists: {
    status: 400,
    type: INVALID,
    message:
      "Organization '{organization}' already has an active credential for provider '{provider}'. Deactivate the existing one first or update it.",
    cure: 'Switch the other one off, or change its key.',
  },
  idempotency_key_reused: {
    status: 422,
    type: INVALID,
    message: 'This Idempotency-Key was already used for another request.',
    cure: 'Use a new key for a new request; nothing was changed.',
  },
  request_in_flight: {
    status: 409,
    type: INVALID,
    message: 'A request with this Idempotency-Key is still being worked at.',
    cure: 'Ask again in a second: then the first answer is there.',
  },
  version_conflict: {
    status: 412,
    type: INVALID,
    message: "The {kind} '{id}' was changed meanwhile: it is at version {version}, not {expected}.",
    cure: 'Read it again, and send the change with the ETag of that answer; nothing was changed.',
  },
  proposal_unknown: {
    status: 404,
    type: INVALID,
    message: "Proposal '{proposal}' not found",
    slack: 'There is no proposal `{proposal}`.',
    cure: 'See what waits with "/approvals all".',
  },
  proposal_decided: {
    status: 409,
    type: INVALID,
    message: 'The proposal was decided before: it is {status}, by {by}.',
    cure: 'Nothing was changed now; propose it anew if it is still wanted.',
  },
  proposal_expired: {
    status: 409,
    type: INVALID,
    message: 'The proposal expired at {at}.',
    cure: 'Nothing was changed; propose it anew if it is still wanted.',
  },
  proposal_own: {
    status: 403,
    type: INVALID,
    message: 'Nobody approves what they proposed themselves.',
    cure: 'Somebody else must approve it; you may withdraw it.',
  },
  proposal_approved_before: {
    status: 409,
    type: INVALID,
    message: '{by} approved the proposal before; it needs somebody else, too.',
    cure: 'Nothing is to be done by you; it waits for another approver.',
  },
  proposal_outdated: {
    status: 409,
    type: INVALID,
    message: 'The team has changed since this was shown.',
    cure: 'Look at it again, then approve what is shown now; nothing was changed.',
  },
  last_owner: {
    status: 409,
    type: INVALID,
    message: 'No owner would be left.',
    cure: 'Make somebody else an owner first; nothing was changed.',
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
