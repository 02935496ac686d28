import { setTimeout as pause } from 'node:timers/promises';
import type { AdmissionAsk, GateRefusal, JobAsk, Verdict } from '../../core/gateway/gate.ts';
import { readAnswer } from './admission-text.ts';
import type { Answer, Missing } from './admission-text.ts';
import { batched } from './batch.ts';
import type { GateConnection } from './connection.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import { abandonedText } from './usage-text.ts';

/** A new epoch, the wait after it, and seven records that can be missing; two more for changes meanwhile. */
const LOADS_MAX = 11;

/** What separates words and calls on their way to the gate. */
const BREAKS = /[\t\r\n]/;

/** A call's model is served here, so its name is sound; a name that is only asked about may be anything. */
function requireOneName(asked: string): void {
  if (BREAKS.test(asked)) {
    throw new Error(
      'Asking for a name: with a tab or a line break it would be read as other calls',
    );
  }
}

/** An ask on its way to the gate. */
export interface Line extends AdmissionAsk {
  /** 0 for the deadline of a call. */
  readonly lifeMs: number;
}

const NOTHING = {
  inputNanoUsd: 0,
  outputPicoUsdPerToken: 0,
  inputTokens: 0,
  answers: 0,
  outputCap: 0,
  minimumOutputCap: 0,
  unbounded: null,
} as const;
/** Of an ask that calls nothing. */
export const NO_MODEL = {
  asked: '',
  model: '',
  endpoint: '',
  address: '',
  jobId: undefined,
  bound: NOTHING,
  lifeMs: 0,
} as const;

export interface Admitting {
  admit(ask: AdmissionAsk): Promise<Verdict>;
  probe(identity: AdmissionAsk['identity'], address: string): Promise<GateRefusal | undefined>;
  aliasOf(identity: AdmissionAsk['identity'], asked: string): Promise<string | undefined>;
  openJob(ask: JobAsk): Promise<Verdict>;
}

/** Asks the gate, in batches by shard, and loads what it says it is missing. */
export function createAdmitting(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  deadlineMs: number,
): Admitting {
  const asking = shards.map((keys) =>
    batched<Line, Answer>(async (lines) => sendBatch(connection, keys, deadlineMs, lines)),
  );
  const loading = createLoading(projections);

  async function ask(line: Line): Promise<Verdict> {
    const shard = shardOf(line.identity.organizationId);
    for (let load = 0; load <= LOADS_MAX; load += 1) {
      // shardOf draws below the number of shards.
      const answer = await (asking[shard] as (line: Line) => Promise<Answer>)(line);
      if (typeof answer === 'string') {
        await loading(answer, line, shard);
      } else if ('waitMs' in answer) {
        await pause(answer.waitMs + 1);
      } else {
        return answer;
      }
    }
    throw new Error(`Admitting: the gate still lacks records of team ${line.identity.teamId}`);
  }

  return {
    admit: async (one) => ask({ ...one, lifeMs: 0 }),
    async probe(identity, address) {
      const verdict = await ask({ ...NO_MODEL, identity, address, reservationId: '', jobType: '' });
      // Nothing is asked for by a name that could be another's.
      return verdict.admitted || verdict.code === 'renamed' ? undefined : verdict.code;
    },
    async aliasOf(identity, asked) {
      requireOneName(asked);
      const named = { ...NO_MODEL, asked, model: asked, reservationId: '', jobType: '' };
      const verdict = await ask({ ...named, identity });
      return !verdict.admitted && verdict.code === 'renamed' ? verdict.model : undefined;
    },
    openJob: async ({ identity, jobId, jobType, address, lifeMs }) =>
      ask({ ...NO_MODEL, identity, reservationId: jobId, jobType, address, lifeMs }),
  };
}

/** Loads what the gate lacks; those that lack the same share its loading. */
function createLoading(
  projections: Projections,
): (missing: Missing, line: Line, shard: number) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();

  async function once(place: string, load: () => Promise<void>): Promise<void> {
    let under = underWay.get(place);
    if (under === undefined) {
      under = load().finally(() => underWay.delete(place));
      underWay.set(place, under);
    }
    return under;
  }

  return async (missing, { identity, endUserId = '' }, shard) => {
    const { keyId, teamId, organizationId, userId = '' } = identity;
    const project = projections.project;
    switch (missing) {
      case 'epoch':
        return once(`epoch ${shard}`, async () => projections.renew(shard));
      case 'catalog':
        return once(`catalog ${shard}`, async () => projections.projectCatalogTo(shard));
      case 'key':
        return once(`key ${keyId}`, async () => project({ keyId }));
      case 'team':
        return once(`team ${teamId}`, async () => project({ teamId }));
      case 'organization':
        return once(`organization ${organizationId}`, async () => project({ organizationId }));
      case 'member':
        return once(`member ${teamId} ${userId}`, async () =>
          project({ teamId, memberId: userId }),
        );
      case 'user':
        return once(`user ${organizationId} ${userId}`, async () =>
          project({ organizationId, userId }),
        );
      case 'end_user':
        return once(`end_user ${organizationId} ${endUserId}`, async () =>
          project({ organizationId, endUserId }),
        );
    }
  };
}

/** Asks for many calls of one shard in one script call. */
export async function sendBatch(
  connection: GateConnection,
  keys: ShardKeys,
  deadlineMs: number,
  lines: readonly Line[],
): Promise<Answer[]> {
  const names = [keys.epoch, keys.access, keys.open];
  const places = new Map<string, number>();
  const place = (name: string): number => {
    let at = places.get(name);
    if (at === undefined) {
      at = names.push(name);
      places.set(name, at);
    }
    return at;
  };
  const nowMs = Date.now();
  const texts = lines.map((line) => lineText(line, keys, place, nowMs));
  const values = [runOf(connection), deadlineMs, texts.join('\n')];
  const answer = (await connection.script('admit', names, values)) as string;
  if (answer === 'epoch') {
    return lines.map(() => 'epoch');
  }
  if (answer.startsWith('waiting')) {
    return lines.map(() => ({ waitMs: Number(answer.split(' ')[1]) }));
  }
  const answers = answer.split('\n').map(readAnswer);
  if (answers.length !== lines.length) {
    throw new Error(
      `Admitting: ${lines.length} calls were asked for and ${answers.length} answered`,
    );
  }
  return answers;
}

/** One line as admit.lua reads it. */
function lineText(
  line: Line,
  keys: ShardKeys,
  place: (name: string) => number,
  nowMs: number,
): string {
  const { identity, bound, endUserId } = line;
  const { key, team, organization, member, user } = recordsOf(identity, keys);
  const people = member === undefined ? '0 0' : `${place(member)} ${place(user)}`;
  const endUser = endUserId === undefined ? 0 : place(endUserRecord(identity, endUserId, keys));
  const numbers =
    `${place(key)} ${place(team)} ${place(organization)} ${people} ${endUser} ` +
    `${bound.inputNanoUsd} ${bound.outputPicoUsdPerToken} ${bound.inputTokens} ${bound.answers} ` +
    `${bound.outputCap} ${bound.minimumOutputCap} ${bound.unbounded === null ? 0 : 1} ${line.lifeMs}`;
  return (
    `${numbers}\t${line.reservationId}\t${identity.teamId}\t${identity.hash}\t${line.asked}\t` +
    `${line.model}\t${line.endpoint}\t${line.address}\t${line.jobId ?? ''}\t${abandonedText(line, nowMs)}`
  );
}

function endUserRecord(
  { organizationId }: AdmissionAsk['identity'],
  endUserId: string,
  keys: ShardKeys,
): string {
  return keys.subject({ kind: 'end_user', organizationId, endUserId });
}

type RecordNames = {
  readonly key: string;
  readonly team: string;
  readonly organization: string;
} & (
  | { readonly member: string; readonly user: string }
  | { readonly member: undefined; readonly user: undefined }
);

const recordNames = new WeakMap<AdmissionAsk['identity'], RecordNames>();

/** Made once for each key: an identity never changes, nor does the shard it lives in. */
function recordsOf(identity: AdmissionAsk['identity'], keys: ShardKeys): RecordNames {
  let names = recordNames.get(identity);
  if (names === undefined) {
    const { keyId, teamId, organizationId, userId } = identity;
    const own = {
      key: keys.key(keyId),
      team: keys.team(teamId),
      organization: keys.organization(organizationId),
    };
    names =
      userId === undefined
        ? { ...own, member: undefined, user: undefined }
        : {
            ...own,
            member: keys.subject({ kind: 'member', teamId, userId }),
            user: keys.subject({ kind: 'user', organizationId, userId }),
          };
    recordNames.set(identity, names);
  }
  return names;
}
