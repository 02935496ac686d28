// Who asks at the management door: by the admin key, by a JWT, or by a virtual key.

import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../config/secret.ts';
import type { Actor } from '../core/audit/audit.ts';
import { refuseKey } from '../core/gateway/admission.ts';
import { sha256 } from '../core/ids.ts';
import { identifyKey } from '../core/keys/brought-key.ts';
import { complaintAboutKey } from '../core/keys/virtual-key.ts';
import type { Caller } from '../core/permission/caller.ts';
import { callerBehind } from '../core/permission/find-caller.ts';
import { isRefusal } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { complaintAboutManaging, isAdmin } from '../core/sign-in/admin.ts';
import { callerOfJwt } from '../core/sign-in/caller.ts';
import type { SignInRequest } from '../core/sign-in/caller.ts';
import { textAt } from '../core/sign-in/claims.ts';
import type { Claims } from '../core/sign-in/claims.ts';
import type { CalledRoute } from '../core/sign-in/routes.ts';
import type { SignInSettings } from '../core/sign-in/settings.ts';
import { looksLikeJwt } from '../core/sign-in/verified.ts';
import type { VerifyJwt } from '../core/sign-in/verified.ts';
import { SESSION_PREFIX } from '../core/staff/session.ts';
import type { Stores } from '../core/stores.ts';
import { bearerIn, complaintAboutAdmin } from './admin-key.ts';

/** Who may manage by a JWT in place of the admin key. */
export interface AdminByJwt {
  readonly verify: VerifyJwt;
  readonly settings: SignInSettings;
}

/** What is known about who may ask. */
export interface Known {
  readonly stores: Stores;
  readonly adminKey: Secret;
  /** Undefined where nobody signs in by JWT. */
  readonly jwt?: AdminByJwt | undefined;
}

/** Finds out who asks; `address` is where the request comes from, as keys are confined to addresses. */
export async function callerOf(
  known: Known,
  headers: IncomingHttpHeaders,
  route: CalledRoute,
  address: string,
): Promise<Caller | Refusal> {
  const complaint = complaintAboutAdmin(headers, known.adminKey);
  if (complaint === undefined) {
    return { role: 'owner', actor: actorOf('api:admin', headers) };
  }
  const credential = bearerIn(headers.authorization) ?? apiKeyIn(headers);
  if (credential === undefined) {
    return complaint;
  }
  if (credential.startsWith(SESSION_PREFIX)) {
    return (await bySession(known.stores, credential)) ?? complaint;
  }
  return looksLikeJwt(credential)
    ? byJwt(known, credential, { route, address, wishedTeam: teamIn(headers) }, complaint)
    : byVirtualKey(known.stores, credential, address, complaint);
}

async function bySession({ records, clock }: Stores, secret: string): Promise<Caller | undefined> {
  const staff = await records.staff.bySession(sha256(secret), new Date(clock()));
  return staff === undefined
    ? undefined
    : {
        role: staff.role,
        actor: { id: `api:${staff.email}`, door: 'api' },
        staffId: staff.id,
        sessionSecret: secret,
      };
}

/** With the admin key a program may say for whom it acts. */
function actorOf(id: string, headers: IncomingHttpHeaders): Actor {
  const name = headers['litellm-changed-by'];
  return typeof name === 'string' && CHANGED_BY.test(name)
    ? { id: `${id}:${name}`, door: 'api' }
    : { id, door: 'api' };
}

/** Stands in the audit trail for ever, where people read it. */
const CHANGED_BY = /^[\x21-\x7e]{1,128}$/;

async function byJwt(
  { jwt, stores }: Known,
  credential: string,
  request: SignInRequest,
  complaint: Refusal,
): Promise<Caller | Refusal> {
  if (jwt === undefined) {
    return complaint;
  }
  const verified = await jwt.verify(credential);
  if (isRefusal(verified)) {
    return verified;
  }
  const { settings } = jwt;
  const { claims } = verified;
  if (!isAdmin(settings, claims)) {
    return callerOfJwt(stores, settings, claims, request);
  }
  return (
    complaintAboutManaging(settings, request.route) ?? {
      role: 'admin',
      actor: { id: `api:${personIn(settings, claims)}`, door: 'api' },
    }
  );
}

/** As the identity provider names the person, so that the trail says who it was. */
function personIn({ userEmail, userId }: SignInSettings, claims: Claims): string {
  const named =
    textAt(claims, userEmail) ??
    textAt(claims, ['email']) ??
    textAt(claims, userId) ??
    textAt(claims, ['sub']) ??
    'jwt';
  return named.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, PERSON_MAX_LENGTH);
}

const PERSON_MAX_LENGTH = 128;

async function byVirtualKey(
  { gate, records, settings }: Stores,
  secretKey: string,
  address: string,
  complaint: Refusal,
): Promise<Caller | Refusal> {
  if (complaintAboutKey(secretKey) !== undefined) {
    return complaint;
  }
  const identity = await identifyKey(gate, secretKey, settings.keyPepper);
  if (identity === undefined) {
    return complaint;
  }
  // A team that is suspended still sees what it had; only new work is held back.
  const refusal = await refuseKey(gate, identity, address);
  return refusal === undefined || /^(team|organization)_/.test(refusal.refused)
    ? callerBehind(records, identity)
    : refusal;
}

/** Which of its teams a JWT asks for, as at the proxy. */
function teamIn(headers: IncomingHttpHeaders): string | undefined {
  const team = headers['x-litellm-team-id'];
  return typeof team === 'string' && team !== '' ? team : undefined;
}

function apiKeyIn(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}
