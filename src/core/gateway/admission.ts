import { boundNanoUsd, boundOf, MAX_CALL_COST_NANO_USD } from '../pricing/bound.ts';
import type { CallShape } from '../pricing/bound.ts';
import type { EffectiveRate } from '../pricing/charge.ts';
import type { ModelPrice } from '../pricing/price.ts';
import { creditsToText } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Gate, GateRefusal, KeyIdentity, UsageBound, Verdict } from './gate.ts';

/** What admission needs to know of a model that is served here. */
export interface ServedModel {
  readonly alias: string;
  /** What no deployment exceeds; undefined where the operator serves a model without a price. */
  readonly price: ModelPrice | undefined;
  readonly maxInputTokens: number | undefined;
  readonly maxOutputTokens: number;
}

/** A call as its door understood it. */
export interface CallWish {
  readonly reservationId: string;
  /** What kind of work the call is, for usage by job type. */
  readonly jobType: string;
  readonly shape: CallShape;
  /** The cap that the client names, or undefined. 0 where there is no output, as with embeddings. */
  readonly outputCap: number | undefined;
  /** What about the call can't be bounded, or null. */
  readonly unbounded: string | null;
}

/** A call that may go, with all that its settlement needs. */
export interface AdmittedCall {
  readonly identity: KeyIdentity;
  readonly reservationId: string;
  readonly model: string;
  readonly jobType: string;
  readonly outputCap: number;
  readonly rate: EffectiveRate;
  readonly reservedMicrocredits: number;
  readonly spendableMicrocredits: number;
  readonly startedAtMs: number;
}

/** Asks the gate whether a call may go, and reserves the most it can cost. */
export async function admitCall(
  gate: Gate,
  identity: KeyIdentity,
  model: ServedModel,
  wish: CallWish,
  minimumOutputTokens: number,
  nowMs: number,
): Promise<AdmittedCall | Refusal> {
  const bound = usageBound(model, wish, minimumOutputTokens);
  const { reservationId, jobType } = wish;
  const verdict = await gate.admit({
    identity,
    reservationId,
    model: model.alias,
    jobType,
    bound,
  });
  if (!verdict.admitted) {
    return refusalFrom(gate, identity, model.alias, bound, verdict);
  }
  return {
    identity,
    reservationId,
    model: model.alias,
    jobType,
    outputCap: verdict.outputCap,
    rate: verdict.rate,
    reservedMicrocredits: verdict.reservedMicrocredits,
    spendableMicrocredits: verdict.spendableMicrocredits,
    startedAtMs: nowMs,
  };
}

/** Refuses a model that nobody serves here, unless the key may not even ask. */
export async function refuseUnknownModel(
  gate: Gate,
  identity: KeyIdentity,
  model: string,
): Promise<Refusal> {
  const refusal = await refuseKey(gate, identity);
  if (refusal !== undefined) {
    return refusal;
  }
  const allowed = allowedText(await gate.allowedModels(identity));
  return refuse('model_unknown', { model, team: identity.teamId, allowed });
}

/** The models that a key may use, or why it may use none. */
export async function modelsFor(gate: Gate, identity: KeyIdentity): Promise<string[] | Refusal> {
  return (await refuseKey(gate, identity)) ?? gate.allowedModels(identity);
}

/** Why a key may call nothing at the moment; undefined if it may. */
export async function refuseKey(gate: Gate, identity: KeyIdentity): Promise<Refusal | undefined> {
  const code = await gate.probe(identity);
  return code === undefined ? undefined : simpleRefusal(code, identity);
}

function usageBound(model: ServedModel, wish: CallWish, minimumOutputTokens: number): UsageBound {
  const outputCap = Math.min(wish.outputCap ?? model.maxOutputTokens, model.maxOutputTokens);
  const inputTokens = Math.min(
    wish.shape.promptTokensUpperBound,
    model.maxInputTokens ?? Number.MAX_SAFE_INTEGER,
  );
  const common = {
    inputTokens,
    answers: wish.shape.answers ?? 1,
    outputCap,
    minimumOutputCap: Math.min(minimumOutputTokens, outputCap),
  };
  const nothing = { ...common, inputNanoUsd: 0, outputPicoUsdPerToken: 0 };
  if (wish.unbounded !== null || model.price === undefined) {
    return { ...nothing, unbounded: wish.unbounded ?? `${model.alias} has no price` };
  }
  const bound = boundOf(model.price, { ...wish.shape, promptTokensUpperBound: inputTokens });
  if ('unpriced' in bound) {
    return { ...nothing, unbounded: `${model.alias} has no price for ${bound.unpriced}` };
  }
  if (boundNanoUsd(bound, outputCap) > MAX_CALL_COST_NANO_USD) {
    return { ...nothing, unbounded: 'it could cost more than a call may' };
  }
  return {
    ...common,
    inputNanoUsd: Number(bound.inputNanoUsd),
    outputPicoUsdPerToken: Number(bound.outputPicoUsdPerToken),
    unbounded: null,
  };
}

async function refusalFrom(
  gate: Gate,
  identity: KeyIdentity,
  model: string,
  bound: UsageBound,
  verdict: Extract<Verdict, { admitted: false }>,
): Promise<Refusal> {
  const team = identity.teamId;
  switch (verdict.code) {
    case 'model_not_allowed': {
      const allowed = allowedText(await gate.allowedModels(identity));
      return refuse('model_not_allowed', { team, model, allowed });
    }
    case 'credits_exhausted':
      return refuse('credits_exhausted', {
        team,
        spendable: creditsToText(BigInt(verdict.spendableMicrocredits)),
        needed: creditsToText(BigInt(verdict.neededMicrocredits)),
      });
    case 'cost_unbounded':
      return refuse('cost_unbounded', { complaint: bound.unbounded ?? 'its parts are unknown' });
    default:
      return simpleRefusal(verdict.code, identity);
  }
}

function simpleRefusal(code: GateRefusal, identity: KeyIdentity): Refusal {
  return {
    refused: code,
    facts: {
      team: identity.teamId,
      organization: identity.organizationId,
      lastFour: identity.lastFour,
    },
  };
}

/** A sentence that lists more than this helps nobody. */
const ALLOWED_SHOWN_MAX = 30;

function allowedText(aliases: readonly string[]): string {
  if (aliases.length === 0) {
    return 'none, it has no access group';
  }
  const more = aliases.length - ALLOWED_SHOWN_MAX;
  const shown = aliases.slice(0, ALLOWED_SHOWN_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
