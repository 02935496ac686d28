import { createHmac } from 'node:crypto';
import { messageOf } from '../../thrown.ts';
import { ACK_TIMEOUT_MS } from '../limits.ts';
import type { Envelope, Receipt } from './envelope.ts';

function formOf(fields: Record<string, unknown>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    form.set(name, String(value));
  }
  return form.toString();
}

/** The body as Slack writes it: a form for commands and clicks, JSON for events. */
function bodyOf(envelope: Envelope): { type: string; body: string } {
  if (envelope.type === 'events_api') {
    return { type: 'application/json', body: JSON.stringify(envelope.payload) };
  }
  const fields =
    envelope.type === 'slash_commands'
      ? envelope.payload
      : { payload: JSON.stringify(envelope.payload) };
  return { type: 'application/x-www-form-urlencoded', body: formOf(fields) };
}

/** Signs as Slack does: `v0=` and the HMAC-SHA256 of version, time in seconds and body. */
function signature(signingSecret: string, timestampS: number, body: string): string {
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestampS}:${body}`);
  return `v0=${hmac.digest('hex')}`;
}

function readAnswer(text: string): unknown {
  if (text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { text };
  }
}

/** Posts an envelope to the app's request address and waits the 3 s that Slack waits. */
export async function postEnvelope(
  requestUrl: string,
  signingSecret: string,
  envelope: Envelope,
  timestampS: number,
): Promise<Receipt> {
  const { type, body } = bodyOf(envelope);
  const startedAtMs = performance.now();
  const retry = envelope.retry_attempt;
  try {
    const response = await fetch(requestUrl, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ACK_TIMEOUT_MS),
      headers: {
        'content-type': type,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestampS),
        'x-slack-signature': signature(signingSecret, timestampS, body),
        ...(retry !== undefined && {
          'x-slack-retry-num': String(retry),
          'x-slack-retry-reason': envelope.retry_reason ?? 'http_timeout',
        }),
      },
    });
    const text = await response.text();
    return response.ok
      ? {
          outcome: 'acknowledged',
          body: readAnswer(text),
          tookMs: Math.round(performance.now() - startedAtMs),
        }
      : { outcome: 'unreachable', detail: `the app answered with status ${response.status}` };
  } catch (thrown) {
    return thrown instanceof Error && thrown.name === 'TimeoutError'
      ? { outcome: 'late', tookMs: ACK_TIMEOUT_MS }
      : { outcome: 'unreachable', detail: messageOf(thrown) };
  }
}
