import { usdToText } from '../money.ts';
import type { Ceilings } from './ceilings.ts';

/** Ceilings as the audit trail keeps them: readable by people, exact, and the same for the same ceilings. */
export function spokenCeilings({ limits, budgets }: Ceilings): Record<string, unknown> {
  return {
    limits: limits.map(({ kind, model, max, shadow, boost }) => ({
      kind,
      model,
      max,
      shadow,
      boost: boost === null ? null : { by: boost.by, until: isoOf(boost.untilMs) },
    })),
    budgets: budgets.map(({ duration, model, maxNanoUsd, softNanoUsd, shadow, boost }) => ({
      duration,
      model,
      maxUsd: usdToText(maxNanoUsd),
      softUsd: softNanoUsd === null ? null : usdToText(softNanoUsd),
      shadow,
      boost:
        boost === null ? null : { byUsd: usdToText(boost.byNanoUsd), until: isoOf(boost.untilMs) },
    })),
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
