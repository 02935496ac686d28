import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../config/secret.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** Undefined if the headers carry the admin key; takes as long whatever was sent. */
export function complaintAboutAdmin(
  headers: IncomingHttpHeaders,
  adminKey: Secret,
): Refusal | undefined {
  const sent = [bearerIn(headers.authorization), headers['x-admin-key']].filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
  const expected = digestOf(adminKey.reveal());
  if (sent.some((each) => timingSafeEqual(digestOf(each), expected))) {
    return undefined;
  }
  return refuse('admin_key_required', { complaint: complaintAbout(headers, sent.length > 0) });
}

function complaintAbout(headers: IncomingHttpHeaders, wasSent: boolean): string {
  if (wasSent) {
    return 'the key that was sent is another one';
  }
  return headers.authorization === undefined
    ? 'none was sent'
    : 'the Authorization header does not read "Bearer <admin key>"';
}

/** The credential of a Bearer header. */
export function bearerIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** Digests are of one length, which a constant-time comparison needs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
