// What became of asking Slack to take a message.

import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { Spot } from '../../core/posts/post.ts';
import { SECOND_MS } from '../../core/time.ts';

export type Verdict =
  | { readonly kind: 'said'; readonly spot: Spot }
  /** There is nothing to say any more. */
  | { readonly kind: 'needless' }
  /** Not now. */
  | {
      readonly kind: 'wait';
      readonly complaint: string;
      /** How long Slack wants to be left alone, where it says so. */
      readonly waitMs?: number;
      /** Whether it was surely not said. */
      readonly isSure: boolean;
    }
  /** There is no way into the place. */
  | { readonly kind: 'lost'; readonly complaint: string }
  /** Slack will never take it. */
  | { readonly kind: 'refused'; readonly complaint: string };

/** Slack's words for a place that the bot can't post in, whatever it does. */
const NO_WAY_IN = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
  'restricted_action',
  'restricted_action_read_only_channel',
  'method_not_supported_for_channel_type',
  'user_not_found',
  'user_disabled',
  'users_not_found',
  'cannot_dm_bot',
  'messages_tab_disabled',
]);

/** Slack's words for trouble of its own: the message may have been taken. */
const SLACK_FAILED = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Slack's words for a bot that is not let in: an operator has to act, and then it goes on. */
const BOT_SHUT_OUT = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
  'access_denied',
  'team_access_not_granted',
  'two_factor_setup_required',
]);

/** What an error of Slack's client means for a post; undefined for any other error. */
export function verdictOf(error: unknown): Verdict | undefined {
  if (error instanceof WebAPIRateLimitedError) {
    const waitMs = Math.max(error.retryAfter, 1) * SECOND_MS;
    return { kind: 'wait', complaint: 'ratelimited', waitMs, isSure: true };
  }
  if (error instanceof WebAPIPlatformError) {
    const complaint = error.data.error;
    if (NO_WAY_IN.has(complaint)) {
      return { kind: 'lost', complaint };
    }
    const isAway = SLACK_FAILED.has(complaint);
    return isAway || BOT_SHUT_OUT.has(complaint)
      ? { kind: 'wait', complaint, isSure: !isAway }
      : { kind: 'refused', complaint };
  }
  return error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError
    ? { kind: 'wait', complaint: error.message, isSure: false }
    : undefined;
}

/** Slack's word for what it refused; undefined for any other error. */
export function wordOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}
