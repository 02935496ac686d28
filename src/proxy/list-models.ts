// Which models there are, for whoever asks: those that a key may call, or all of them for the admin key.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { allowedText, modelsFor, notWithheld } from '../core/gateway/admission.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { ProxyParts } from './parts.ts';
import { sendRefusal } from './refusals.ts';
import { answerTo } from './remembering-answer.ts';

/** LiteLLM's moment for models that were never made: clients show it as a date. */
const CREATED_SECONDS = 1_677_610_602;

/** One model stands below these, by its name, which may hold slashes. */
const ONE_MODEL = /^\/(?:v1\/)?models\/(.+)$/;

/** Whether a path names one model. */
export function namesModel(path: string): boolean {
  return ONE_MODEL.test(path);
}

export async function listModels(
  parts: ProxyParts,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const seen = await modelsSeen(parts, req, res);
  return isRefusal(seen)
    ? sendRefusal(res, seen)
    : sendJson(res, { object: 'list', data: seen.names.map(modelOf) });
}

export async function showModel(
  parts: ProxyParts,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const seen = await modelsSeen(parts, req, res);
  if (isRefusal(seen)) {
    return sendRefusal(res, seen);
  }
  const name = nameIn(req.url ?? '');
  return name !== undefined && seen.names.includes(name)
    ? sendJson(res, modelOf(name))
    : sendRefusal(res, unknown(name ?? '', seen));
}

interface Seen {
  readonly names: readonly string[];
  /** Whose key it is; undefined for the admin key. */
  readonly teamId: string | undefined;
}

async function modelsSeen(
  parts: ProxyParts,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Seen | Refusal> {
  if (parts.isAdmin(req.headers)) {
    return { names: [...parts.models.keys()], teamId: undefined };
  }
  const identity = await parts.authenticate(req);
  if (isRefusal(identity)) {
    return identity;
  }
  answerTo(res, identity);
  const allowed = await modelsFor(parts.gate, identity, parts.addressOf(req));
  if (isRefusal(allowed)) {
    return allowed;
  }
  const names = allowed.flatMap((name) =>
    name.endsWith('*') ? namesLike(name, parts.models.keys()) : [name],
  );
  return { names: notWithheld(parts.models, names, identity), teamId: identity.teamId };
}

function namesLike(pattern: string, names: Iterable<string>): string[] {
  const beginning = pattern.slice(0, -1);
  return [...names].filter((name) => name.startsWith(beginning));
}

function nameIn(url: string): string | undefined {
  const [, encoded = ''] = ONE_MODEL.exec(url.split('?')[0] ?? '') ?? [];
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** What is there and not for this key is told like what is not there. */
function unknown(model: string, { names, teamId }: Seen): Refusal {
  return teamId === undefined
    ? refuse('model_alias_unknown', { model })
    : refuse('model_unknown', { model, team: teamId, allowed: allowedText(names) });
}

function modelOf(id: string) {
  return { id, object: 'model', created: CREATED_SECONDS, owned_by: 'quartermaster' };
}

function sendJson(res: ServerResponse, value: object): void {
  const body = JSON.stringify(value);
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  res.end(body);
}
