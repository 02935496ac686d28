// Every expected no, in one table. A refusal is a value: operations return it, doors translate it
// into their dialect. Placeholders in braces are facts, and the compiler asks for each of them.

/** How one kind of refusal is told. */
export interface RefusalKind {
  /** HTTP status at every door. */
  readonly status: number;
  /** `error.type` of the OpenAI dialect. */
  readonly type: string;
  /** What a client developer or script reads. */
  readonly message: string;
  /** What a person in Slack reads; the message when absent. */
  readonly slack?: string;
  /** What to do about it. */
  readonly cure: string;
}

const AUTH = 'authentication_error';
const DENIED = 'permission_error';
const INVALID = 'invalid_request_error';
const UNAVAILABLE = 'service_unavailable_error';
const UPSTREAM = 'upstream_error';

export const REFUSALS = {
  // Who is asking?
  key_missing: {
    status: 401,
    type: AUTH,
    message: 'No API key was sent.',
    cure: 'Send the header "Authorization: Bearer sk-…".',
  },
  key_malformed: {
    status: 401,
    type: AUTH,
    message: 'The API key cannot be read: {complaint}.',
    cure: 'Send "Authorization: Bearer sk-…" with the key exactly as it was revealed.',
  },
  key_unknown: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} is not known here.',
    cure: 'Check that the key was copied whole, without spaces, and belongs to this server.',
  },
  key_expired: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} has expired.',
    cure: 'Ask your account manager for a new key.',
  },
  key_revoked: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} was revoked.',
    cure: 'Use the key that replaced it, or ask your account manager for a new one.',
  },
  key_blocked: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} is blocked.',
    cure: 'Ask your account manager to unblock it.',
  },
  admin_key_required: {
    status: 401,
    type: AUTH,
    message: 'This route needs the admin key: {complaint}.',
    cure: 'Send "Authorization: Bearer <admin key>"; the key stands in .quartermaster/local.json or QUARTERMASTER_ADMIN_KEY.',
  },
  role_missing: {
    status: 403,
    type: DENIED,
    message: 'Changing this needs the role {needed}; {person} has {has}.',
    cure: 'Ask one of the {needed}s, or have the role given under "slack.roles" in quartermaster.yaml.',
  },

  // May they?
  organization_suspended: {
    status: 403,
    type: DENIED,
    message: 'Organization {organization} is suspended.',
    cure: 'Ask your account manager to resume it.',
  },
  team_suspended: {
    status: 403,
    type: DENIED,
    message: 'Team {team} is suspended.',
    cure: 'Ask your account manager to resume it: "/team resume {team}".',
  },
  team_paused: {
    status: 403,
    type: DENIED,
    message: 'Team {team} is paused.',
    cure: 'Ask your account manager to resume it: "/team resume {team}".',
  },
  model_not_allowed: {
    status: 403,
    type: DENIED,
    message: 'Model access denied: team {team} may not use {model}. It may use: {allowed}.',
    cure: 'Use one of the models listed, or ask for an access group that has {model}.',
  },
  model_unknown: {
    status: 404,
    type: INVALID,
    message: 'There is no model {model} here. Team {team} may use: {allowed}.',
    cure: 'Call GET /v1/models to see the models this key may use.',
  },
  credits_exhausted: {
    status: 403,
    type: DENIED,
    message:
      'Insufficient credits: team {team} has {spendable} spendable credits, this call must reserve {needed}.',
    cure: 'Ask your account manager to add credits: "/team topup {team} <amount>".',
  },

  // Can the request be read?
  body_not_json: {
    status: 400,
    type: INVALID,
    message: 'The body is not valid JSON: {complaint}.',
    cure: 'Send one JSON object, in UTF-8.',
  },
  parameter_invalid: {
    status: 400,
    type: INVALID,
    message: 'Parameter {parameter} is not acceptable: {complaint}.',
    cure: 'Correct {parameter} and send the request again.',
  },
  body_too_large: {
    status: 413,
    type: INVALID,
    message: 'The body is larger than {limitBytes} bytes.',
    cure: 'Send a smaller body; files belong in a store, with a link in the prompt.',
  },
  headers_too_large: {
    status: 431,
    type: INVALID,
    message: 'The headers are larger than {limitBytes} bytes.',
    cure: 'Send smaller headers; look for a cookie or a key that was pasted many times.',
  },
  request_unreadable: {
    status: 400,
    type: INVALID,
    message: 'The HTTP request cannot be read.',
    cure: 'Send well-formed HTTP/1.1.',
  },
  cost_unbounded: {
    status: 400,
    type: INVALID,
    message: 'The cost of this call cannot be bounded beforehand: {complaint}.',
    cure: 'Leave that part out, or have the model configured with a bound for it.',
  },
  route_unknown: {
    status: 404,
    type: INVALID,
    message: 'There is no route {method} {path}.',
    cure: 'See the list of routes in the README.',
  },
  method_not_allowed: {
    status: 405,
    type: INVALID,
    message: '{path} does not take {method}, only {allowed}.',
    cure: 'Repeat the request with {allowed}.',
  },

  // Can it be served?
  gate_unavailable: {
    status: 503,
    type: UNAVAILABLE,
    message: 'Credits cannot be checked at the moment, so nothing is let through.',
    cure: 'Try again after the seconds given in Retry-After.',
  },
  records_unavailable: {
    status: 503,
    type: UNAVAILABLE,
    message: 'The database cannot be reached at the moment, so nothing was changed.',
    cure: 'Try again after the seconds given in Retry-After.',
  },
  server_busy: {
    status: 503,
    type: UNAVAILABLE,
    message: 'This server holds as many requests as it can.',
    cure: 'Try again after the seconds given in Retry-After, or send a smaller body.',
  },
  not_yet_in_force: {
    status: 503,
    type: UNAVAILABLE,
    message: 'The change is saved, but calls are not judged by it yet: the gate cannot be reached.',
    cure: 'It holds by itself as soon as the gate is back; do not repeat it.',
  },
  internal_fault: {
    status: 500,
    type: 'internal_error',
    message: 'Something went wrong on our side.',
    cure: 'Try again; if it stays, tell your account manager the time of this call.',
  },
  upstream_busy: {
    status: 429,
    type: 'rate_limit_error',
    message: 'The provider of {model} is at its own limit.',
    cure: 'Try again after the seconds given in Retry-After; nothing was charged.',
  },
  upstream_failed: {
    status: 502,
    type: UPSTREAM,
    message: 'The provider of {model} failed to answer.',
    cure: 'Try again; nothing was charged.',
  },
  upstream_timeout: {
    status: 504,
    type: UPSTREAM,
    message: 'The provider of {model} did not answer within {seconds} seconds.',
    cure: 'Try again with a smaller request, or stream the answer.',
  },
  upstream_refused: {
    status: 400,
    type: INVALID,
    message: 'The provider of {model} did not accept the request: {complaint}.',
    cure: 'Correct the request; nothing was charged.',
  },

  // Changes that would break a rule.
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

export type RefusalCode = keyof typeof REFUSALS;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type TextsOf<Kind> = Kind[keyof Kind] & string;
type FactsOf<Code extends RefusalCode> = {
  readonly [Name in Placeholders<TextsOf<(typeof REFUSALS)[Code]>>]: string | number;
};

/** An expected no, with the facts that decided. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Makes a refusal; the compiler asks for every fact that its sentences name. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  ...[facts]: [keyof FactsOf<Code>] extends [never] ? [] : [FactsOf<Code>]
): Refusal {
  return { refused: code, facts: facts ?? {} };
}

/** Tells a refusal from an answer. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** The sentence for client developers and scripts. */
export function publicSentence(refusal: Refusal): string {
  return filled(REFUSALS[refusal.refused].message, refusal);
}

/** The sentence for people in Slack; facts are not yet escaped for Slack. */
export function slackSentence(refusal: Refusal): string {
  const kind: RefusalKind = REFUSALS[refusal.refused];
  return filled(kind.slack ?? kind.message, refusal);
}

/** What to do about it. */
export function cureOf(refusal: Refusal): string {
  return filled(REFUSALS[refusal.refused].cure, refusal);
}

function filled(text: string, refusal: Refusal): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(refusal.facts[name] ?? whole),
  );
}
