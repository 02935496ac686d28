import { boundNanoUsd, boundOf, MAX_CALL_COST_NANO_USD } from '../pricing/bound.ts';
import type { CallWish, ServedModel } from './admission.ts';
import type { UsageBound } from './gate.ts';

/** The most that a call can use and cost, or why nobody can say. */
export function usageBound(
  model: ServedModel,
  wish: CallWish,
  minimumOutputTokens: number,
): UsageBound {
  const outputCap = Math.min(wish.outputCap ?? model.maxOutputTokens, model.maxOutputTokens);
  const window = wish.shape.widerWindow === true ? undefined : model.maxInputTokens;
  const inputTokens = Math.min(
    wish.shape.promptTokensUpperBound,
    window ?? Number.MAX_SAFE_INTEGER,
  );
  const leastCap = Math.max(minimumOutputTokens, wish.outputCapMin ?? 0);
  const common = {
    inputTokens,
    answers: wish.shape.answers ?? 1,
    outputCap,
    minimumOutputCap: Math.min(leastCap, outputCap),
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
