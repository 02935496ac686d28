// The client API: what a client's backend does with jobs, by the virtual key of its team.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '../../core/refusals.ts';
import { serveBody } from '../body-door.ts';
import type { BodyDoor } from '../body-door.ts';
import type { ProxyParts } from '../parts.ts';
import { answerJobFault, sendDetail } from './answer.ts';
import { call, callStream } from './calls.ts';
import { changeMetadata, complete, create, show, showCosts } from './desk.ts';
import { createAndCall, createAndCallStream } from './one-call-jobs.ts';
import type { ServeJobs } from './request.ts';

export const JOBS_PATH = '/api/jobs/';

/** All of it. */
export const JOB_ROUTES: readonly (readonly ['GET' | 'POST' | 'PATCH', string, ServeJobs])[] = [
  ['POST', '/api/jobs/create', create],
  ['POST', '/api/jobs/create-and-call', createAndCall],
  ['POST', '/api/jobs/create-and-call-stream', createAndCallStream],
  ['GET', '/api/jobs/:id', show],
  ['POST', '/api/jobs/:id/llm-call', call],
  ['POST', '/api/jobs/:id/llm-call-stream', callStream],
  ['POST', '/api/jobs/:id/complete', complete],
  ['PATCH', '/api/jobs/:id/metadata', changeMetadata],
  ['GET', '/api/jobs/:id/costs', showCosts],
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
  const fixed = JOB_ROUTES.filter(([, route]) => route === path);
  const named = `${JOBS_PATH}:id${rest.map((part) => `/${part}`).join('')}`;
  const here = fixed.length > 0 ? fixed : JOB_ROUTES.filter(([, route]) => route === named);
  if (here.length === 0) {
    return false;
  }
  const route = here.find(([method]) => method === req.method);
  if (route === undefined) {
    const allowed = here.map(([method]) => method).join(', ');
    const facts = { method: req.method ?? '', path: here[0]?.[1] ?? '', allowed };
    sendDetail(res, refuse('method_not_allowed', facts), { allow: allowed });
    req.resume();
    return true;
  }
  const [, , serve] = route;
  const id = fixed.length > 0 ? '' : first;
  const door: BodyDoor = {
    refuse: sendDetail,
    serve: async (_parts, caller, bytes) => serve({ parts, caller, bytes, id, req, res }),
  };
  void serveBody(parts, door, req, res).catch((error: unknown) =>
    answerJobFault(parts, error, res),
  );
  return true;
}
