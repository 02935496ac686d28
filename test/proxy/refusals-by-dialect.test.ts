// Every refusal that a call can meet, provoked in both dialects: the same decision, told in other words.

import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setEndUserStatus } from '../../src/core/end-users/block-end-user.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import type { CeilingChange } from '../../src/core/ceilings/change.ts';
import { updateKey } from '../../src/core/keys/update-key.ts';
import { refuse, REFUSALS } from '../../src/core/refusals.ts';
import type { RefusalCode } from '../../src/core/refusals.ts';
import { CALLER_REFUSALS } from '../../src/core/refusals/caller.ts';
import { REQUEST_REFUSALS } from '../../src/core/refusals/request.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { BODIES_MAX_BYTES } from '../../src/proxy/byte-budget.ts';
import { anthropicError, anthropicType } from '../../src/proxy/messages/words.ts';
import { openaiError } from '../../src/proxy/refusals.ts';
import { budgetFor, setCeilings } from '../support/field-scene.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const OPENAI = '{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }';
const ANTHROPIC = '{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY, dialect: anthropic }';
const PRICE = 'price: { input: 1, output: 2 }, max_output_tokens: 1000';
const MODELS = `
models:
  both: { ${PRICE}, deployments: [${OPENAI}, ${ANTHROPIC}] }
  of-openai: { ${PRICE}, deployments: [${OPENAI}] }
  of-anthropic: { ${PRICE}, deployments: [${ANTHROPIC}] }
  forbidden: { ${PRICE}, deployments: [${OPENAI}, ${ANTHROPIC}] }
access_groups:
  gpt-models: { models: [both, of-openai, of-anthropic] }
`;
const BODY_MAX_BYTES = 16 * 1024 * 1024;

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster({ upstreamTimeoutMs: 1_000, configText: MODELS });
});
afterAll(async () => qm[Symbol.asyncDispose]());

/** One dialect, as a client speaks it. */
interface Spoken {
  readonly path: string;
  readonly unknownPath: string;
  /** A model that is only served in the other one. */
  readonly foreign: string;
  readonly key: (secretKey: string) => Record<string, string>;
  readonly shape: (code: string, status: number) => object;
}

const SPOKEN: Readonly<Record<'openai' | 'anthropic', Spoken>> = {
  openai: {
    path: '/v1/chat/completions',
    unknownPath: '/v1/files',
    foreign: 'of-anthropic',
    key: (secretKey) => ({ authorization: `Bearer ${secretKey}` }),
    shape: (code) => ({ error: { type: REFUSALS[code as RefusalCode].type, code } }),
  },
  anthropic: {
    path: '/v1/messages',
    unknownPath: '/v1/messages/batches',
    foreign: 'of-openai',
    key: (secretKey) => ({ 'x-api-key': secretKey }),
    shape: (code, status) => ({ type: 'error', error: { type: anthropicType(status), code } }),
  },
};

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const BODY = { model: 'both', max_tokens: 500, messages: [{ role: 'user', content: 'hi' }] };

async function send(
  spoken: Spoken,
  headers: Record<string, string>,
  body: object | string = {},
  options: { readonly url?: string; readonly path?: string; readonly method?: string } = {},
): Promise<Told> {
  const method = options.method ?? 'POST';
  const text = typeof body === 'string' ? body : JSON.stringify({ ...BODY, ...body });
  const response = await fetch((options.url ?? qm.url) + (options.path ?? spoken.path), {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: text }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

type Wish = Parameters<Quartermaster['team']>[0];

async function ofTeam(spoken: Spoken, body: object | string = {}, wish: Wish = {}): Promise<Told> {
  const { secretKey } = await qm.team(wish);
  return send(spoken, spoken.key(secretKey), body);
}

async function ofTeamThat(status: 'suspended' | 'paused' | 'archived', spoken: Spoken) {
  const { id, secretKey } = await qm.team();
  await setTeamStatus(qm.stores, SYSTEM, { teamId: id, status });
  return send(spoken, spoken.key(secretKey));
}

let organizations = 0;
async function ofOrganizationThat(status: 'suspended' | 'paused' | 'archived', spoken: Spoken) {
  organizations += 1;
  const organizationId = `organization-${organizations}`;
  const { secretKey } = await qm.team({ organizationId });
  await qm.stores.records.organizations.update(organizationId, { status });
  await qm.gate.project({ organizationId });
  return send(spoken, spoken.key(secretKey));
}

async function ofKeyThat(data: object, spoken: Spoken): Promise<Told> {
  const { keyId, secretKey } = await qm.team();
  await qm.postgres.virtualKey.update({
    where: { id: keyId },
    data: { ...data, version: { increment: 1 } },
  });
  await qm.gate.project({ keyId });
  return send(spoken, spoken.key(secretKey));
}

async function ofBlockedEndUser(spoken: Spoken): Promise<Told> {
  organizations += 1;
  const organizationId = `organization-${organizations}`;
  const { secretKey } = await qm.team({ organizationId });
  await createEndUser(qm.stores, SYSTEM, { organizationId, id: 'shut-out' });
  await setEndUserStatus(qm.stores, SYSTEM, { organizationId, id: 'shut-out' }, 'blocked');
  return send(spoken, { ...spoken.key(secretKey), 'x-litellm-end-user-id': 'shut-out' });
}

async function confined(change: Parameters<typeof updateKey>[3], spoken: Spoken): Promise<Told> {
  const { keyId, secretKey } = await qm.team();
  await updateKey(qm.stores, SYSTEM, keyId, change);
  return send(spoken, spoken.key(secretKey));
}

/** Calls until the ceiling is met. */
async function under(change: CeilingChange, spoken: Spoken): Promise<Told> {
  const { id, secretKey } = await qm.team();
  await setCeilings(qm, { kind: 'team', teamId: id }, change);
  let told = await send(spoken, spoken.key(secretKey));
  for (let calls = 1; calls < 20 && told.status === 200; calls += 1) {
    told = await send(spoken, spoken.key(secretKey));
  }
  return told;
}

const limit = (kind: 'requests' | 'usage_tokens' | 'parallel', max: number): CeilingChange => ({
  set: 'limit',
  kind,
  model: null,
  max,
});

async function whileAnotherHangs(spoken: Spoken): Promise<Told> {
  const { id, secretKey } = await qm.team();
  await setCeilings(qm, { kind: 'team', teamId: id }, limit('parallel', 1));
  qm.provider.plan({ fault: 'hang', times: 1 });
  const hanging = send(spoken, spoken.key(secretKey));
  await expect.poll(() => qm.provider.stats().open).toBe(1);
  const told = await send(spoken, spoken.key(secretKey));
  await hanging;
  return told;
}

async function withFault(
  fault: Parameters<Quartermaster['provider']['plan']>[0]['fault'],
  spoken: Spoken,
): Promise<Told> {
  qm.provider.plan({ fault, times: 3, retryAfterSeconds: 7 });
  const told = await ofTeam(spoken);
  qm.provider.clearFaults();
  return told;
}

async function withoutGate(spoken: Spoken): Promise<Told> {
  const { secretKey } = await qm.team();
  const other = await qm.anotherProxy();
  try {
    other.gate.close();
    return await send(spoken, spoken.key(secretKey), {}, { url: other.url });
  } finally {
    await other.close();
  }
}

function opened(spoken: Spoken, headers: Record<string, string>) {
  return request(qm.url + spoken.path, { method: 'POST', headers });
}

/** As many bodies that announce no end as this process holds at once. */
async function amongHeldBodies(spoken: Spoken): Promise<Told> {
  const { secretKey } = await qm.team();
  const headers = { ...spoken.key(secretKey), 'transfer-encoding': 'chunked' };
  const held = new Set<ClientRequest>();
  const holdOne = (): void => {
    const one = opened(spoken, headers);
    one.on('error', () => undefined);
    // Refused, because others were still held.
    one.on('response', () => one.destroy());
    one.on('close', () => held.delete(one));
    one.write('{');
    held.add(one);
  };
  try {
    let told: Told;
    do {
      while (held.size < BODIES_MAX_BYTES / BODY_MAX_BYTES) {
        holdOne();
      }
      // Goes to the gate behind them, and takes no room: the next call must not come before them.
      await send(spoken, spoken.key(secretKey), {}, { path: '/v1/models', method: 'GET' });
      told = await send(spoken, spoken.key(secretKey));
    } while (told.status === 200);
    return told;
  } finally {
    for (const one of held) {
      one.destroy();
    }
  }
}

async function withLongHeaders(spoken: Spoken): Promise<Told> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = opened(spoken, { 'x-large': 'x'.repeat(65_536) });
    call.on('response', resolve);
    call.on('error', reject);
    call.end();
  });
  const chunks = await response.toArray();
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(),
    body: Buffer.concat(chunks as Buffer[]).toString(),
  };
}

async function inNoHttp(spoken: Spoken): Promise<Told> {
  const socket = connect(Number(new URL(qm.url).port), '127.0.0.1');
  socket.end(`POST ${spoken.path} HTTP/1.1\r\nno header\r\n\r\n`);
  const answer = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), headers: new Headers(), body };
}

const UNKNOWN_KEY = 'sk-0000000000000000000000000000000000000000000beef';

/** How each is met. */
const WAYS: Readonly<Partial<Record<RefusalCode, (spoken: Spoken) => Promise<Told>>>> = {
  key_missing: async (spoken) => send(spoken, {}),
  key_malformed: async (spoken) => send(spoken, spoken.key('1234')),
  key_unknown: async (spoken) => send(spoken, spoken.key(UNKNOWN_KEY)),
  key_expired: async (spoken) => ofKeyThat({ expiresAt: new Date(Date.now() - 1) }, spoken),
  key_revoked: async (spoken) => ofKeyThat({ status: 'revoked' }, spoken),
  key_blocked: async (spoken) => ofKeyThat({ status: 'blocked' }, spoken),
  end_user_blocked: ofBlockedEndUser,
  organization_suspended: async (spoken) => ofOrganizationThat('suspended', spoken),
  organization_paused: async (spoken) => ofOrganizationThat('paused', spoken),
  organization_archived: async (spoken) => ofOrganizationThat('archived', spoken),
  team_suspended: async (spoken) => ofTeamThat('suspended', spoken),
  team_paused: async (spoken) => ofTeamThat('paused', spoken),
  team_archived: async (spoken) => ofTeamThat('archived', spoken),
  address_not_allowed: async (spoken) => confined({ addresses: ['192.0.2.1'] }, spoken),
  endpoint_not_allowed: async (spoken) => confined({ endpoints: ['embedding'] }, spoken),
  model_not_allowed: async (spoken) => ofTeam(spoken, { model: 'forbidden' }),
  model_unknown: async (spoken) => ofTeam(spoken, { model: 'none' }),
  dialect_not_served: async (spoken) => ofTeam(spoken, { model: spoken.foreign }),
  credits_exhausted: async (spoken) => ofTeam(spoken, {}, { credits: 500_000n }),
  request_limit_reached: async (spoken) => under(limit('requests', 1), spoken),
  usage_token_limit_reached: async (spoken) => under(limit('usage_tokens', 800), spoken),
  parallel_limit_reached: whileAnotherHangs,
  call_exceeds_limit: async (spoken) => under(limit('usage_tokens', 100), spoken),
  budget_exceeded: async (spoken) => under(budgetFor(0), spoken),
  job_not_open: async (spoken) => {
    const { secretKey } = await qm.team();
    const job = { 'x-quartermaster-job': '01890000-0000-7000-8000-000000000000' };
    return send(spoken, { ...spoken.key(secretKey), ...job });
  },
  body_not_json: async (spoken) => ofTeam(spoken, 'model=both'),
  parameter_invalid: async (spoken) => ofTeam(spoken, { max_tokens: 1.5 }),
  body_too_large: async (spoken) => ofTeam(spoken, { padding: 'x'.repeat(BODY_MAX_BYTES) }),
  headers_too_large: withLongHeaders,
  request_unreadable: inNoHttp,
  cost_unbounded: async (spoken) =>
    ofTeam(
      spoken,
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      { terms: { budgetMode: 'consumption_usd' } },
    ),
  route_unknown: async (spoken) => send(spoken, {}, {}, { path: spoken.unknownPath }),
  method_not_allowed: async (spoken) => send(spoken, {}, {}, { method: 'GET' }),
  gate_unavailable: withoutGate,
  server_busy: amongHeldBodies,
  upstream_busy: async (spoken) => withFault(429, spoken),
  upstream_failed: async (spoken) => withFault(500, spoken),
  upstream_timeout: async (spoken) => withFault('hang', spoken),
  upstream_refused: async (spoken) => withFault(422, spoken),
};

/** Told by other doors, to those who sign in by JWT, of what must not happen; or asked for where models of the API are. */
const ELSEWHERE = [
  'credential_missing',
  'credential_unreadable',
  'route_not_offered',
  'admin_key_required',
  'role_missing',
  'sign_in_failed',
  'sign_in_throttled',
  'password_wrong',
  'staff_denied',
  'role_insufficient',
  'row_of_another',
  'records_unavailable',
  'not_yet_in_force',
  'internal_fault',
];

test('the walk leaves out nothing that a call can meet', () => {
  const codes = [...Object.keys(CALLER_REFUSALS), ...Object.keys(REQUEST_REFUSALS)];
  const left = codes.filter((code) => !(code in WAYS) && !code.startsWith('jwt_'));
  expect(left.sort()).toEqual(ELSEWHERE.toSorted());
});

const WALK = Object.entries(WAYS).map(([code, way]) => ({ code: code as RefusalCode, way }));

/** When to come back and whether at all, what is left of limits, what is allowed. */
const HEADERS = [
  'x-should-retry',
  'x-ratelimit-limit-requests',
  'x-ratelimit-limit-tokens',
  'allow',
];

test.each(WALK)('$code is one decision in two dialects', async ({ code, way }) => {
  const { status } = REFUSALS[code];
  const all: Told[] = [];
  for (const spoken of Object.values(SPOKEN)) {
    const told = await way(spoken);
    expect(told.status, told.body).toBe(status);
    const body = JSON.parse(told.body) as { error: { message: string; limit_source?: string } };
    expect(body).toMatchObject(spoken.shape(code, status));
    expect(body.error.message).not.toMatch(/\{\w+\}/);
    const isOfCeiling = /limit|budget/.test(code);
    expect(body.error.limit_source !== undefined).toBe(isOfCeiling);
    all.push(told);
  }
  const [one, other] = all as [Told, Told];
  for (const name of HEADERS) {
    expect(other.headers.get(name), name).toBe(one.headers.get(name));
  }
  // Seconds may pass between the two.
  expect(other.headers.has('retry-after')).toBe(one.headers.has('retry-after'));
});

test('every refusal of the catalogue has a type that Anthropic documents', () => {
  const documented = [
    'invalid_request_error',
    'authentication_error',
    'permission_error',
    'not_found_error',
    'request_too_large',
    'rate_limit_error',
    'api_error',
    'overloaded_error',
  ];
  for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
    const told = JSON.parse(anthropicError({ refused: code, facts: {} })) as {
      type: string;
      error: { type: string; message: string; code: string };
    };
    expect(told.type).toBe('error');
    expect(documented).toContain(told.error.type);
    expect(told.error.code).toBe(code);
  }
  const gone = refuse('gate_unavailable');
  const message = (text: string) =>
    (JSON.parse(text) as { error: { message: string } }).error.message;
  expect(message(anthropicError(gone))).toBe(message(openaiError(gone)));
});
