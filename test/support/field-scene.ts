// Where the failures of others are tried: a proxy in this process, a gate whose time the test sets, the demo
// provider for faults, and a provider whose usage the test decides.

import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import type { CeilingChange } from '../../src/core/ceilings/change.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { addMember } from '../../src/core/members/members.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { exactBody, startHeldProvider } from './held-provider.ts';
import type { HeldProvider } from './held-provider.ts';
import type { Quartermaster, QuartermasterOptions } from './quartermaster.ts';
import { startTimedQuartermaster } from './timed-quartermaster.ts';
import type { TimedQuartermaster } from './timed-quartermaster.ts';

const FIELD_CONFIG = `
models:
  held: { price: { input: 1, output: 2 }, max_output_tokens: 1000, deployments: [{ base_url: os.environ/HELD_PROVIDER }] }
  gpt-5.4: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/HELD_PROVIDER }] }
  priceless: { unpriced: allow, max_output_tokens: 1000, deployments: [{ base_url: os.environ/HELD_PROVIDER }] }
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  claude: { price: { input: 1, output: 2 }, max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY, dialect: anthropic }] }
  two-ways: { price: { input: 1, output: 2 }, deployments: [{ id: a, base_url: os.environ/PROVIDER, api_key: os.environ/KEY }, { id: b, base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  text-embedding-3-small: { deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
access_groups:
  gpt-models: { models: [held, gpt-5.4, priceless, gpt-4o, claude, two-ways, text-embedding-3-small] }
`;

/** What an exact call is bounded by and uses: as much in nano-USD, and in microcredits at ten to the dollar. */
export const COST_NANO_USD = 600_000;
export const CHARGE = 6_000n;
const EXACT = { model: 'held', input: 400, output: 100 };

export interface Field extends AsyncDisposable {
  readonly qm: TimedQuartermaster;
  /** Answers at once unless a test holds it. */
  readonly held: HeldProvider;
}

export async function startField(
  options: Pick<QuartermasterOptions, 'reservationDeadlineMs'> = {},
): Promise<Field> {
  const held = await startHeldProvider();
  held.allow('last byte');
  const qm = await startTimedQuartermaster({ ...options, ...fieldOptions(held) });
  return {
    qm,
    held,
    async [Symbol.asyncDispose]() {
      await qm[Symbol.asyncDispose]();
      await held.close();
    },
  };
}

/** For a Quartermaster that serves the same models. */
export function fieldOptions(held: HeldProvider) {
  return { configText: FIELD_CONFIG, addresses: { HELD_PROVIDER: held.url } };
}

export interface Answered {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  readonly source: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

/** An answer, read to its end. */
export async function answered(calling: Promise<Response>): Promise<Answered> {
  const response = await calling;
  const text = await response.text();
  const { error } = (response.status === 200 ? {} : JSON.parse(text)) as {
    error?: { code: string; message: string; limit_source?: string };
  };
  return {
    status: response.status,
    code: error?.code,
    message: error?.message ?? '',
    source: error?.limit_source,
    headers: response.headers,
    text,
  };
}

/** Whom all calls of the field are made for. */
const FIELD_END_USER = 'customer 7/b';

let teams = 0;

/** A team of an organization of its own, with the key of a person in it, and the end user of the field. */
export async function teamOfField(qm: Quartermaster) {
  teams += 1;
  const organizationId = `org-${teams}`;
  const team = await qm.team({ id: `field-${teams}`, organizationId });
  const userId = `ann-${teams}@example.com`;
  await addMember(qm.stores, SYSTEM, { teamId: team.id, userId, createUser: true });
  await createEndUser(qm.stores, SYSTEM, { organizationId, id: FIELD_END_USER });
  const wish = { teamId: team.id, name: 'of Ann', expiresAt: null, userId };
  const made = await createKey(qm.stores, SYSTEM, wish);
  if (!('secretKey' in made)) {
    throw new Error(`No key was made: ${JSON.stringify(made)}`);
  }
  const { keyId, secretKey } = made;
  return { organizationId, teamId: team.id, userId, keyId, secretKey, teamKey: team.secretKey };
}
export type TeamOfField = Awaited<ReturnType<typeof teamOfField>>;

/** All that bounds a call of the person's key. */
export const FIELD_SUBJECTS: readonly [
  kind: Subject['kind'],
  of: (team: Omit<TeamOfField, 'secretKey' | 'teamKey'>) => Subject,
][] = [
  ['organization', ({ organizationId }) => ({ kind: 'organization', organizationId })],
  ['team', ({ teamId }) => ({ kind: 'team', teamId })],
  ['key', ({ keyId }) => ({ kind: 'key', keyId })],
  ['user', ({ organizationId, userId }) => ({ kind: 'user', organizationId, userId })],
  ['member', ({ teamId, userId }) => ({ kind: 'member', teamId, userId })],
  [
    'end_user',
    ({ organizationId }) => ({ kind: 'end_user', organizationId, endUserId: FIELD_END_USER }),
  ],
];

/** Calls for just so much that it uses all that is reserved for it. */
export async function callExactly(
  qm: Quartermaster,
  secretKey: string,
  wish: { readonly stream?: boolean; readonly url?: string } = {},
): Promise<Answered> {
  const body = exactBody({ ...EXACT, stream: wish.stream ?? false });
  return answered(
    fetch(`${wish.url ?? qm.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secretKey}`,
        'x-litellm-customer-id': FIELD_END_USER,
      },
      body: JSON.stringify(body),
    }),
  );
}

/** Makes so many calls at once, every other one a stream; answers how many passed, and why the others did not. */
export async function callAtOnce(
  qm: Quartermaster,
  secretKey: string,
  count: number,
  urls: readonly string[] = [qm.url],
): Promise<{ readonly passed: number; readonly codes: readonly string[] }> {
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, at) =>
      callExactly(qm, secretKey, { stream: at % 2 === 0, url: urls[at % urls.length] as string }),
    ),
  );
  return {
    passed: answers.filter((answer) => answer.status === 200).length,
    codes: [...new Set(answers.flatMap((answer) => answer.code ?? []))],
  };
}

/** Changes what bounds a subject, as people do. */
export async function setCeilings(
  qm: Quartermaster,
  subject: Subject,
  ...changes: readonly CeilingChange[]
): Promise<void> {
  const changed = await changeCeilings(qm.stores, SYSTEM, subject, changes);
  if (isRefusal(changed)) {
    throw new Error(`Setting ceilings: ${JSON.stringify(changed)}`);
  }
}

/** A budget that pays for so many exact calls. */
export function budgetFor(calls: number, duration: string | null = '1d'): CeilingChange {
  const maxNanoUsd = BigInt(calls * COST_NANO_USD);
  return { set: 'budget', duration, model: null, maxNanoUsd };
}
