import type { IncomingHttpHeaders } from 'node:http';
import type { ServedModel } from '../core/gateway/admission.ts';
import type { CallMeters } from '../core/gateway/call-meters.ts';
import type { Gate } from '../core/gateway/gate.ts';
import type { RememberRefusal } from '../core/refusals/refused-call.ts';
import type { NoteStart } from '../core/jobs/start-notes.ts';
import type { Stores } from '../core/stores.ts';
import type { Clock } from '../core/time.ts';
import type { Dialect } from '../core/models/dialect.ts';
import type { AddressOf } from './address.ts';
import type { Authenticate } from './authenticate.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Deployment, Upstreams } from './upstream.ts';

/** A model that is served here, and by what. */
export interface RoutedModel extends ServedModel {
  readonly byDialect: Readonly<Record<Dialect, readonly Deployment[]>>;
}

/** The models of this process; with which key one is called may depend on the caller's organization. */
export interface ModelRoutes {
  get(alias: string, organizationId: string): RoutedModel | undefined;
  keys(): Iterable<string>;
}

export interface ProxyParts {
  readonly gate: Gate;
  readonly authenticate: Authenticate;
  /** Whether the admin key was sent, which may see what there is and call nothing. */
  readonly isAdmin: (headers: IncomingHttpHeaders) => boolean;
  readonly addressOf: AddressOf;
  readonly models: ModelRoutes;
  readonly upstreams: Upstreams;
  readonly openCalls: OpenCalls;
  readonly bodies: ByteBudget;
  readonly clock: Clock;
  /** For jobs alone: calls need no records. */
  readonly stores: Stores;
  readonly noteStart: NoteStart;
  readonly remember: RememberRefusal;
  readonly meters: CallMeters;
  readonly bodyMaxBytes: number;
  readonly minOutputTokens: number;
  readonly upstreamTimeoutMs: number;
  /** Told of what must not happen: usage beyond its reservation, a settlement that could not be sent. */
  readonly onFault: (message: string, error?: unknown) => void;
}
