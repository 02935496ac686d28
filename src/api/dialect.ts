import type { Refusal } from '../core/refusals.ts';
import type { Answer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { ShapeMistake } from './shape.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A method, a path pattern such as `/api/teams/:id`, and what stands there. */
export type Route = readonly [method: Method, path: string, endpoint: Endpoint];

/** What the other system has and this one does not. */
export interface NotOffered {
  /** `POST /api/teams/create: budget_duration`, or a route alone. */
  readonly what: string;
  readonly why: string;
}

/** Fields that the other system has and this one passes over. */
export interface FieldsNotOffered {
  readonly fields: readonly string[];
  readonly why: string;
  /** The routes where it is so, as `POST /team/new`; all that have such a field where it is absent. */
  readonly at?: readonly string[];
}

/** One way of speaking to the same core: its routes, and how a no is told in it. It decides nothing. */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  readonly routes: readonly Route[];
  readonly notOffered: readonly NotOffered[];
  readonly fieldsNotOffered?: readonly FieldsNotOffered[];
  /** Differences that concern many routes, for docs/compatibility.md. */
  readonly notes?: readonly string[];
  /**
   * Where the other system passes over fields that it does not know: there they are named in a warning.
   * Elsewhere, and at routes of our own, they are refused.
   */
  readonly passesUnknown: readonly ('body' | 'query')[];
  /** A refusal; `detail` where other words are documented for one route. */
  refused(refusal: Refusal, detail?: string): Answer;
  /** The answer to a stranger. */
  unauthorized(refusal: Refusal): Answer;
  misshapen(mistakes: readonly ShapeMistake[]): Answer;
  /** A mistake of ours. */
  broken(): Answer;
  /** JSON Schema of the body of every no, for the documentation. */
  readonly refusalSchema: Readonly<Record<string, unknown>>;
}
