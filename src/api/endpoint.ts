// One management route: who may, what it reads, what it answers. Reading and permission are dealt with here for
// all of them, so that a handler gets what it asked for, calls core and speaks.

import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { idempotencyKeyFrom } from '../core/answered-once.ts';
import type { Actor } from '../core/audit/audit.ts';
import { withinOf } from '../core/permission/caller.ts';
import type { Caller, Within } from '../core/permission/caller.ts';
import { complaintAboutAction, isStaff, may, refuseRole } from '../core/permission/permissions.ts';
import type { Action } from '../core/permission/permissions.ts';
import { isRefusal } from '../core/refusals.ts';
import type { Refusal, RefusalCode } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { isAnswer, isWorded } from './answer.ts';
import type { Answer, Worded } from './answer.ts';
import { toldOnce } from './answered-once.ts';
import type { Dialect } from './dialect.ts';
import { readShape, saying, warningOf } from './read-shape.ts';
import type { Params, Target } from './target.ts';
import type { Told } from './told.ts';
import { etagOf, ifMatchIn, versionOf, watched } from './versions.ts';
import type { Versioned } from './versions.ts';

/** What came in, unread. */
export interface RawCall {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly query: unknown;
  readonly params: Params;
}

/** What a handler gets. */
export interface Call<Body, Query> {
  readonly stores: Stores;
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  /** `:id` of the path, empty where the path has none. */
  readonly id: string;
  /** `:user` of the path, empty where the path has none. */
  readonly user: string;
  readonly caller: Caller;
  readonly actor: Actor;
  /** What a list must be confined to. */
  readonly within: Within;
  readonly idempotencyKey: string | undefined;
  /** What kinds of answers the caller reads, as it says. */
  readonly accept: string | undefined;
}

interface Described {
  /** One line for the documentation. */
  readonly summary: string;
  readonly action: Action;
  /** Whose version answers carry as ETag, those of changes too; and changes compare it with If-Match. */
  readonly versioned?: Versioned;
  /** Actions that single fields of the body need beside. */
  readonly fieldActions?: Readonly<Record<string, Action>>;
  /** Whether a field that is null takes something away, and so needs its action too. */
  readonly isNullGiven?: boolean;
  /** Documented words for rows of others, in place of the catalogue's. */
  readonly foreign?: string;
  /** What it may refuse beside what every route may. */
  readonly refusals?: readonly RefusalCode[];
  /** Given where rows that are not there are made, or told otherwise than by a 404. */
  readonly missing?: 'told otherwise';
  /** Where it does better than the system whose dialect this is, and how. */
  readonly better?: readonly string[];
  /** Fields of the body that are kept and told again, and that nothing holds to: a warning names those given. */
  readonly keptOnly?: readonly string[];
  /** A route of our own, which the other system does not have. */
  readonly isOwn?: boolean;
  /** The media types of a 200 that is a file in place of JSON. */
  readonly files?: readonly string[];
}

interface EndpointSpec<
  Body extends z.ZodType,
  Query extends z.ZodType,
  Holds extends z.ZodType<object>,
> extends Described {
  readonly target: Target<z.output<Body>, z.output<Query>>;
  readonly body: Body;
  readonly query: Query;
  /** What a 200 holds. */
  readonly answer: Holds;
  /** Answers JSON for a 200, a refusal, or a whole answer. */
  handle(
    call: Call<z.output<Body>, z.output<Query>>,
  ): Promise<Told<Holds> | Refusal | Worded | Answer>;
}

export interface Endpoint extends Described {
  readonly target: 'nothing' | 'listed' | 'rows';
  readonly body: z.ZodType;
  readonly query: z.ZodType;
  readonly told: z.ZodType;
  answer(context: Context, raw: RawCall): Promise<Answer>;
}

export interface Context {
  readonly stores: Stores;
  readonly dialect: Dialect;
  readonly caller: Caller;
}

export function endpoint<
  Body extends z.ZodType,
  Query extends z.ZodType,
  Holds extends z.ZodType<object>,
>(spec: EndpointSpec<Body, Query, Holds>): Endpoint {
  return {
    ...spec,
    target: typeof spec.target === 'function' ? 'rows' : spec.target,
    told: spec.answer,
    async answer({ stores, dialect, caller }, raw) {
      const passes = (place: 'body' | 'query') =>
        spec.isOwn !== true && dialect.passesUnknown.includes(place);
      const query = readShape('query', spec.query, raw.query, passes('query'));
      if (!('value' in query)) {
        return dialect.misshapen(query);
      }
      const body = readShape('body', spec.body, raw.body, passes('body'));
      if (!('value' in body)) {
        return dialect.misshapen(body);
      }
      const { params, headers } = raw;
      const idempotencyKey = idempotencyKeyFrom(headers['idempotency-key']);
      if (isRefusal(idempotencyKey)) {
        return dialect.refused(idempotencyKey);
      }
      const ifMatch = ifMatchIn(headers['if-match']);
      if (isRefusal(ifMatch)) {
        return dialect.refused(ifMatch);
      }
      const given = { params, query: query.value, body: body.value };
      const no = await complaintAbout(spec, stores, caller, given);
      if (no !== undefined) {
        return dialect.refused(no, no.refused === 'row_of_another' ? spec.foreign : undefined);
      }
      const { id = '', user = '' } = params;
      const { versioned } = spec;
      const within = withinOf(caller);
      const { actor } = caller;
      const { accept } = headers;
      const call = { stores, ...given, id, user, caller, actor, within, idempotencyKey, accept };
      const handled = async (at: Stores): Promise<Answer> =>
        spoken(dialect, await spec.handle({ ...call, stores: at }));
      const work = async (): Promise<Answer> => {
        if (versioned === undefined) {
          return handled(stores);
        }
        if (raw.method === 'GET') {
          // Read before the row is: a change in between makes the ETag too old, never too new.
          const version = await versionOf(stores.records, versioned, id);
          return withEtag(await handled(stores), version);
        }
        const changing = watched(stores, versioned, id, ifMatch);
        const done = await handled(changing.stores);
        return withEtag(done, changing.version());
      };
      const request = `${raw.method} ${raw.url}\0${JSON.stringify(raw.body ?? null)}`;
      const told =
        idempotencyKey === undefined || !isKept(raw, spec)
          ? await work()
          : await toldOnce({ stores, dialect, caller, key: idempotencyKey, request }, work);
      const isUncompared = ifMatch !== undefined && versioned === undefined && raw.method !== 'GET';
      const uncompared = isUncompared ? ['If-Match, nothing here carries a version'] : [];
      const warning = warningOf(
        [...uncompared, ...query.unknown, ...body.unknown],
        saying(body.value, spec.keptOnly ?? []),
      );
      return { ...told, headers: { ...told.headers, ...warning } };
    },
  };
}

/** Whether the caller may do this to these rows, with these fields. */
async function complaintAbout<Body, Query>(
  spec: Described & { readonly target: Target<Body, Query> },
  stores: Stores,
  caller: Caller,
  given: { readonly params: Params; readonly body: Body; readonly query: Query },
): Promise<Refusal | undefined> {
  const { target } = spec;
  const tenants =
    typeof target !== 'function' || isStaff(caller) ? [] : await target(stores, given, caller);
  const no = complaintAboutAction(caller, spec.action, tenants);
  if (no !== undefined) {
    return no;
  }
  const fields = Object.entries(spec.fieldActions ?? {}).filter(([field]) =>
    isGiven(given.body, field, spec.isNullGiven === true),
  );
  const [denied] = fields.filter(([, action]) => !may(caller, action));
  return denied === undefined ? undefined : refuseRole(denied[1]);
}

function isGiven(body: unknown, field: string, isNullGiven: boolean): boolean {
  const value =
    typeof body === 'object' && body !== null
      ? (body as Readonly<Record<string, unknown>>)[field]
      : undefined;
  return value !== undefined && (value !== null || isNullGiven);
}

/** Signing in is never answered from a receipt: each try counts, and every stranger is the same caller. */
function isKept({ method }: RawCall, { action }: Described): boolean {
  return method !== 'GET' && action !== 'session.open';
}

function withEtag(told: Answer, version: bigint | undefined): Answer {
  return version === undefined || told.status !== 200
    ? told
    : { ...told, headers: { ...told.headers, etag: etagOf(version) } };
}

function spoken(dialect: Dialect, answer: object): Answer {
  if (isRefusal(answer)) {
    return dialect.refused(answer);
  }
  if (isWorded(answer)) {
    return dialect.refused(answer.refusal, answer.detail);
  }
  return isAnswer(answer) ? answer : { status: 200, body: answer };
}
