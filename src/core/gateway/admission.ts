import { GateUnavailable } from '../faults.ts';
import { ROUTE_OF } from '../models/dialect.ts';
import type { Dialect } from '../models/dialect.ts';
import type { CallShape } from '../pricing/bound.ts';
import type { EffectiveRate } from '../pricing/charge.ts';
import type { ModelPrice } from '../pricing/price.ts';
import { creditsToText } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { sightOf } from '../refusals/refused-call.ts';
import type { CallSight } from '../refusals/refused-call.ts';
import type { RatesLeft } from '../limits/rate.ts';
import type { Clock } from '../time.ts';
import { refusalOfCeiling } from './ceiling-refusal.ts';
import type { CeilingHit, Gate, GateRefusal, KeyIdentity, UsageBound, Verdict } from './gate.ts';
import { lastTargetOf, rememberTarget } from './renamed.ts';
import { usageBound } from './usage-bound.ts';

/** What admission needs to know of a model that is served here. */
export interface ServedModel {
  readonly alias: string;
  /** What its deployments speak; none where nobody has a credential for it. */
  readonly dialects: readonly Dialect[];
  /** What no deployment exceeds; undefined where the operator serves a model without a price. */
  readonly price: ModelPrice | undefined;
  readonly maxInputTokens: number | undefined;
  readonly maxOutputTokens: number;
  /** Whether the caller's organization may not use it, whatever its teams were given; it has no dialects then. */
  readonly isWithheld?: boolean;
  /** Whether its credential is there and can't be opened; it has no dialects then. */
  readonly isUnreadable?: boolean;
}

/** A call as its door understood it. */
export interface CallWish {
  readonly reservationId: string;
  /** The name of the model, as the client used it. */
  readonly asked: string;
  readonly endpoint: string;
  readonly dialect: Dialect;
  /** Where it comes from, in 32 hex digits (see keys/address.ts). */
  readonly address: string;
  /** The job that it is a part of; undefined where it stands alone. */
  readonly jobId: string | undefined;
  /** What kind of work the call is, for usage by job type. */
  readonly jobType: string;
  /** The end user that it names. */
  readonly endUserId?: string | undefined;
  readonly shape: CallShape;
  /** The cap that the client names, or undefined. 0 where there is no output, as with embeddings. */
  readonly outputCap: number | undefined;
  /** What the answer needs to be one at all, where the client says so. */
  readonly outputCapMin?: number | undefined;
  /** What about the call can't be bounded, or null. */
  readonly unbounded: string | null;
}

/** A call that may go, with all that its settlement needs. */
export interface AdmittedCall {
  readonly identity: KeyIdentity;
  readonly reservationId: string;
  readonly model: string;
  readonly jobId: string | undefined;
  readonly jobType: string;
  readonly endUserId?: string | undefined;
  readonly outputCap: number;
  /** Whether a longer answer than the cap would pass what is reserved of balance, budgets and limits. */
  readonly isCapBinding: boolean;
  readonly rate: EffectiveRate;
  readonly reservedMicrocredits: number;
  readonly spendableMicrocredits: number;
  /** What it took of meters, in the gate's own words. */
  readonly taken: string;
  readonly ratesLeft: RatesLeft;
  /** Ceilings in shadow that would have refused it. */
  readonly shadowed: readonly CeilingHit[];
  readonly startedAtMs: number;
}

/** The models of this process; with which upstreams one is served may depend on whose call it is. */
export interface ModelsServed<Model extends ServedModel> {
  get(alias: string, organizationId: string): Model | undefined;
}

/** What admission decides with beside the gate. */
export interface AdmissionSettings<Model extends ServedModel> {
  readonly gate: Gate;
  readonly models: ModelsServed<Model>;
  /** A cap below this is not worth a call. */
  readonly minOutputTokens: number;
  readonly clock: Clock;
}

/** No model is named so; and what is sent to the gate is separated by such characters. */
const UNPRINTABLE = /\p{Cc}/u;

/** A name may be renamed while it is asked for, but not again and again. */
const RENAMES_MAX = 3;

/** Asks the gate whether a call may go, and reserves the most it can cost. */
export async function admitCall<Model extends ServedModel>(
  settings: AdmissionSettings<Model>,
  identity: KeyIdentity,
  wish: CallWish,
): Promise<{ readonly call: AdmittedCall; readonly model: Model } | Refusal> {
  const { gate, models } = settings;
  const served = (alias: string): Model | undefined => models.get(alias, identity.organizationId);
  let name = lastTargetOf(identity, wish.asked);
  let model = served(name);
  if (model === undefined) {
    if (UNPRINTABLE.test(wish.asked)) {
      const complaint = 'it holds characters that cannot be seen';
      return refuse('parameter_invalid', { parameter: 'model', complaint });
    }
    name = (await gate.aliasOf(identity, wish.asked)) ?? wish.asked;
    model = served(name);
  }
  for (let tries = 0; tries <= RENAMES_MAX; tries += 1) {
    if (model === undefined) {
      return seenAs(identity, wish, await refuseUnknownModel(gate, identity, wish));
    }
    if (!model.dialects.includes(wish.dialect)) {
      // The gate tells of a new name only where it is asked to admit.
      const now = (await gate.aliasOf(identity, wish.asked)) ?? wish.asked;
      if (now === name) {
        return seenAs(identity, wish, await refuseDialect(settings, identity, wish, model));
      }
      name = now;
      model = served(name);
      rememberTarget(identity, wish.asked, name);
      continue;
    }
    const bound = usageBound(model, wish, settings.minOutputTokens);
    const { reservationId, asked, endpoint, address, jobId, jobType, endUserId } = wish;
    const about = { reservationId, asked, endpoint, address, jobId, jobType, endUserId };
    const verdict = await gate.admit({ ...about, identity, model: model.alias, bound });
    if (verdict.admitted) {
      const call = admitted(verdict, identity, wish, model.alias, settings.clock());
      return { call, model };
    }
    if (verdict.code !== 'renamed') {
      const refused = { wish, model: model.alias, bound, verdict };
      const { spendableMicrocredits, neededMicrocredits, hit } = verdict;
      const numbers = { model: model.alias, spendableMicrocredits, neededMicrocredits, hit };
      return seenAs(identity, wish, await refusalFrom(settings, identity, refused), numbers);
    }
    name = verdict.model;
    model = served(name);
    rememberTarget(identity, wish.asked, name);
  }
  throw new GateUnavailable(`Admitting: ${wish.asked} is renamed again and again`);
}

/** The refusal with what was known of the call, for those who are asked why. */
function seenAs(
  identity: KeyIdentity,
  { asked, endpoint, jobId }: CallWish,
  refusal: Refusal,
  numbers: Partial<CallSight> = {},
): Refusal {
  return { ...refusal, seen: { ...sightOf(identity), asked, endpoint, jobId, ...numbers } };
}

function admitted(
  verdict: Extract<Verdict, { admitted: true }>,
  identity: KeyIdentity,
  wish: CallWish,
  model: string,
  nowMs: number,
): AdmittedCall {
  const { admitted: _, ...terms } = verdict;
  const { reservationId, jobId, jobType, endUserId } = wish;
  const about = { reservationId, model, jobId, jobType, endUserId };
  return { ...terms, identity, ...about, startedAtMs: nowMs };
}

/** Refuses a model that nobody serves here, unless the key may not even ask. */
async function refuseUnknownModel(
  gate: Gate,
  identity: KeyIdentity,
  wish: Pick<CallWish, 'asked' | 'address'>,
): Promise<Refusal> {
  const refusal = await refuseKey(gate, identity, wish.address);
  if (refusal !== undefined) {
    return refusal;
  }
  const allowed = allowedText(await gate.allowedModels(identity));
  return refuse('model_unknown', { model: wish.asked, team: identity.teamId, allowed });
}

/** Refuses a model that is served elsewhere, unless the key may not ask for it at all. */
async function refuseDialect<Model extends ServedModel>(
  { gate, models }: Pick<AdmissionSettings<Model>, 'gate' | 'models'>,
  identity: KeyIdentity,
  { address }: Pick<CallWish, 'address'>,
  model: ServedModel,
): Promise<Refusal> {
  const refusal = await refuseKey(gate, identity, address);
  if (refusal !== undefined) {
    return refusal;
  }
  const aliases = await gate.allowedModels(identity);
  const isAllowed = aliases.some((each) =>
    each.endsWith('*') ? model.alias.startsWith(each.slice(0, -1)) : each === model.alias,
  );
  const facts = { team: identity.teamId, model: model.alias };
  if (!isAllowed || model.isWithheld === true) {
    const allowed = notWithheld(models, aliases, identity);
    return refuse('model_not_allowed', { ...facts, allowed: allowedText(allowed) });
  }
  const [dialect] = model.dialects;
  const lack = model.isUnreadable === true ? 'credential_unreadable' : 'credential_missing';
  return dialect === undefined
    ? refuse(lack, { ...facts, organization: identity.organizationId })
    : refuse('dialect_not_served', { ...facts, route: ROUTE_OF[dialect] });
}

/** Those of some names that the caller's organization may use. */
export function notWithheld<Model extends ServedModel>(
  models: ModelsServed<Model>,
  names: readonly string[],
  { organizationId }: Pick<KeyIdentity, 'organizationId'>,
): string[] {
  return names.filter((name) => models.get(name, organizationId)?.isWithheld !== true);
}

/** The models that a key may use, or why it may use none. */
export async function modelsFor(
  gate: Gate,
  identity: KeyIdentity,
  address: string,
): Promise<string[] | Refusal> {
  return (await refuseKey(gate, identity, address)) ?? gate.allowedModels(identity);
}

/** Why a key may call nothing at the moment; undefined if it may. */
export async function refuseKey(
  gate: Gate,
  identity: KeyIdentity,
  address: string,
): Promise<Refusal | undefined> {
  const code = await gate.probe(identity, address);
  return code === undefined ? undefined : simpleRefusal(code, identity);
}

interface Refused {
  readonly wish: CallWish;
  readonly model: string;
  readonly bound: UsageBound;
  readonly verdict: NoToAll;
}

type NoToAll = Extract<Verdict, { spendableMicrocredits: number; admitted: false }>;

async function refusalFrom(
  { gate, clock }: Pick<AdmissionSettings<ServedModel>, 'gate' | 'clock'>,
  identity: KeyIdentity,
  { wish, model, bound, verdict }: Refused,
): Promise<Refusal> {
  const team = identity.teamId;
  switch (verdict.code) {
    case 'model_not_allowed': {
      const allowed = allowedText(await gate.allowedModels(identity));
      return refuse('model_not_allowed', { team, model, allowed });
    }
    case 'credits_exhausted':
      return creditsRefusal(verdict, team);
    case 'ceiling_reached':
      // The gate says which, always.
      return {
        ...refusalOfCeiling(verdict.hit as CeilingHit, clock()),
        ratesLeft: verdict.ratesLeft,
      };
    case 'cost_unbounded':
      return refuse('cost_unbounded', { complaint: bound.unbounded ?? 'its parts are unknown' });
    case 'endpoint_not_allowed': {
      const { endpoint } = wish;
      return refuse('endpoint_not_allowed', { lastFour: identity.lastFour, endpoint });
    }
    case 'end_user_blocked':
      return refuse('end_user_blocked', { endUser: wish.endUserId ?? '' });
    case 'job_not_open':
      return refuse('job_not_open', { job: wish.jobId ?? '' });
    default:
      return simpleRefusal(verdict.code, identity);
  }
}

function creditsRefusal(verdict: NoToAll, team: string): Refusal {
  return refuse('credits_exhausted', {
    team,
    spendable: creditsToText(BigInt(verdict.spendableMicrocredits)),
    needed: creditsToText(BigInt(verdict.neededMicrocredits)),
  });
}

/** Why a job may not be opened. */
export function refusalOfJob(
  verdict: Extract<Verdict, { admitted: false }>,
  identity: KeyIdentity,
): Refusal {
  if (verdict.code === 'renamed') {
    throw new Error('Opening a job: the gate speaks of a model, and a job has none');
  }
  return verdict.code === 'credits_exhausted'
    ? creditsRefusal(verdict, identity.teamId)
    : simpleRefusal(verdict.code, identity);
}

/** The codes whose sentences need no more than who asked. */
type SimpleRefusal = Exclude<GateRefusal, 'ceiling_reached'>;

function simpleRefusal(code: GateRefusal, identity: KeyIdentity): Refusal {
  return {
    // Ceilings are told by refusalOfCeiling.
    refused: code as SimpleRefusal,
    facts: {
      team: identity.teamId,
      organization: identity.organizationId,
      lastFour: identity.lastFour,
    },
  };
}

/** A sentence that lists more than this helps nobody. */
const ALLOWED_SHOWN_MAX = 30;

/** Models in a sentence, as many as a person reads. */
export function allowedText(aliases: readonly string[]): string {
  if (aliases.length === 0) {
    return 'none, it has no access group';
  }
  const more = aliases.length - ALLOWED_SHOWN_MAX;
  const shown = aliases.slice(0, ALLOWED_SHOWN_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
