// Who opened the board with the admin key holds a cookie that says until when. It is signed by a key drawn from the
// admin key: every replica believes it, nothing is stored, and a new admin key ends all sessions.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../../config/secret.ts';
import { HOUR_MS, SECOND_MS } from '../../core/time.ts';

export const BOARD_PATH = '/board';

/** A working day. */
const SESSION_MS = 10 * HOUR_MS;
const COOKIE = 'quartermaster_board';

/** The header that begins a session. Strict: no other site can have a browser send it. */
export function sessionCookie(adminKey: Secret, nowMs: number, isSecure: boolean): string {
  const until = String(nowMs + SESSION_MS);
  return cookie(`${until}.${signature(adminKey, until)}`, SESSION_MS / SECOND_MS, isSecure);
}

/** The header that ends it. */
export function endedCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure);
}

/** Whether a request carries a session that still lasts. */
export function hasSession(headers: IncomingHttpHeaders, adminKey: Secret, nowMs: number): boolean {
  const value = (headers.cookie ?? '')
    .split(/; */)
    .find((each) => each.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  const [, until = '', sent = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(value ?? '') ?? [];
  const isGenuine =
    sent !== '' && timingSafeEqual(Buffer.from(sent), Buffer.from(signature(adminKey, until)));
  return isGenuine && Number(until) > nowMs && Number(until) <= nowMs + SESSION_MS;
}

/** Whether a form was sent by a page of ours; a browser that says nothing of it is too old to be believed. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-site'] === 'same-origin';
}

function signature(adminKey: Secret, until: string): string {
  return createHmac('sha256', adminKey.reveal()).update(`board until ${until}`).digest('base64url');
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${BOARD_PATH}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}
