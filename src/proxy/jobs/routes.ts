// The client API: what a client's backend does with jobs, by the virtual key of its team.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { refuse } from '../../core/refusals.ts';
import { serveBody } from '../body-door.ts';
import type { BodyDoor } from '../body-door.ts';
import type { ProxyParts } from '../parts.ts';
import { answerJobFault, sendDetail } from './answer.ts';
import { call, callStream } from './calls.ts';
import { changeMetadata, complete, create, show, showCosts } from './desk.ts';
import { createAndCall, createAndCallStream } from './one-call-jobs.ts';
import type { ServeJobs } from './request.ts';
import { serveOnce } from './serve-once.ts';
import {
  CALL_BODY,
  COMPLETE_BODY,
  CREATE_AND_CALL_BODY,
  CREATE_BODY,
  METADATA_BODY,
} from './shapes.ts';

export const JOBS_PATH = '/api/jobs/';

/** A route of the client API, and what is written about it. */
export interface JobRoute {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly serve: ServeJobs;
  /** One line for the documentation. */
  readonly summary: string;
  /** What it reads; undefined where it has no body. */
  readonly body?: z.ZodType;
  /** Whether its answer is a stream of events, which cannot be kept for a second request. */
  readonly streams?: boolean;
}

/** All of it. */
export const JOB_ROUTES: readonly JobRoute[] = [
  {
    method: 'POST',
    path: '/api/jobs/create',
    serve: create,
    summary: 'Open a job, which may group several calls',
    body: CREATE_BODY,
  },
  {
    method: 'POST',
    path: '/api/jobs/create-and-call',
    serve: createAndCall,
    summary: 'A job that is one call: opened, called and ended by one request',
    body: CREATE_AND_CALL_BODY,
  },
  {
    method: 'POST',
    path: '/api/jobs/create-and-call-stream',
    serve: createAndCallStream,
    summary: 'The same, answered as a stream of events',
    body: CREATE_AND_CALL_BODY,
    streams: true,
  },
  {
    method: 'GET',
    path: '/api/jobs/:id',
    serve: show,
    summary: 'A job with its costs and its calls',
  },
  {
    method: 'POST',
    path: '/api/jobs/:id/llm-call',
    serve: call,
    summary: 'Call a model in a job',
    body: CALL_BODY,
  },
  {
    method: 'POST',
    path: '/api/jobs/:id/llm-call-stream',
    serve: callStream,
    summary: 'The same, answered as a stream of events',
    body: CALL_BODY,
    streams: true,
  },
  {
    method: 'POST',
    path: '/api/jobs/:id/complete',
    serve: complete,
    summary: 'End a job: completed, failed or cancelled',
    body: COMPLETE_BODY,
  },
  {
    method: 'PATCH',
    path: '/api/jobs/:id/metadata',
    serve: changeMetadata,
    summary: 'Add to the metadata of a job',
    body: METADATA_BODY,
  },
  {
    method: 'GET',
    path: '/api/jobs/:id/costs',
    serve: showCosts,
    summary: 'What each call of a job cost',
  },
];

/** These look through the jobs of teams and organizations, with the admin key: the door behind has them. */
const BEHIND = new Set(['teams', 'organizations']);

/** Serves a request of the client API; false where its path is none of ours. */
export function serveJobs(
  parts: ProxyParts,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): boolean {
  const [first = '', ...rest] = path.slice(JOBS_PATH.length).split('/');
  if (BEHIND.has(first)) {
    return false;
  }
  const fixed = JOB_ROUTES.filter((route) => route.path === path);
  const named = `${JOBS_PATH}:id${rest.map((part) => `/${part}`).join('')}`;
  const here = fixed.length > 0 ? fixed : JOB_ROUTES.filter((route) => route.path === named);
  if (here.length === 0) {
    return false;
  }
  const route = here.find(({ method }) => method === req.method);
  if (route === undefined) {
    const allowed = here.map(({ method }) => method).join(', ');
    const facts = { method: req.method ?? '', path: here[0]?.path ?? '', allowed };
    sendDetail(res, refuse('method_not_allowed', facts), { allow: allowed });
    req.resume();
    return true;
  }
  const { serve } = route;
  const id = fixed.length > 0 ? '' : first;
  const door: BodyDoor = {
    refuse: sendDetail,
    serve: async (_parts, caller, bytes) => {
      const request = { parts, caller, bytes, id, req, res };
      await (route.method === 'GET' || route.streams === true
        ? serve(request)
        : serveOnce(request, serve));
    },
  };
  void serveBody(parts, door, req, res).catch((error: unknown) =>
    answerJobFault(parts, error, res),
  );
  return true;
}
