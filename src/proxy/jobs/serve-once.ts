// Idempotency keys of the client API: a call that is sent again is not made again.

import { answeredOnce, idempotencyKeyFrom } from '../../core/answered-once.ts';
import type { KeptAnswer } from '../../core/answered-once.ts';
import { isRefusal, publicSentence, refuse } from '../../core/refusals.ts';
import { sendDetail, sendJson, takeAnswer } from './answer.ts';
import type { JobRequest, ServeJobs } from './request.ts';

/** Serves a request, or answers what its key was answered before. */
export async function serveOnce(request: JobRequest, serve: ServeJobs): Promise<void> {
  const { parts, caller, bytes, req, res } = request;
  const key = idempotencyKeyFrom(req.headers['idempotency-key']);
  if (isRefusal(key)) {
    return sendDetail(res, key);
  }
  if (key === undefined) {
    return serve(request);
  }
  const asked = {
    mark: JSON.stringify(['jobs', caller.keyId, key]),
    request: `${req.method} ${req.url}\0${bytes.toString('latin1')}`,
    notYetInForce: () => {
      const refusal = refuse('not_yet_in_force');
      return { status: 503, body: { detail: publicSentence(refusal), code: refusal.refused } };
    },
  };
  const told = await answeredOnce(parts.stores, asked, async () => {
    let taken: KeptAnswer | undefined;
    takeAnswer(res, (answer) => {
      taken = answer;
    });
    await serve(request);
    return taken;
  });
  if (told === undefined) {
    // It was refused, and told so.
    return undefined;
  }
  if (isRefusal(told)) {
    return sendDetail(
      res,
      told,
      told.refused === 'request_in_flight' ? { 'retry-after': '1' } : {},
    );
  }
  const { status, body, headers } = 'replayed' in told ? told.replayed : told;
  return sendJson(res, status, body as object, headers);
}
