import type { IncomingHttpHeaders } from 'node:http';
import { fields } from './tokens.ts';

/**
 * What may be made to go wrong:
 * a status (`429`, `500`, …) · `slow` (waits first) · `cut` (the connection ends half-way) ·
 * `stall` (goes silent half-way) · `hang` (never answers) · `garbage` (200 and nonsense) · `no-usage`.
 */
type FaultKind = number | 'slow' | 'cut' | 'stall' | 'hang' | 'garbage' | 'no-usage';

export interface Fault {
  readonly kind: FaultKind;
  readonly latencyMs: number;
  readonly retryAfterSeconds: number;
}

/** A fault for the next `times` calls, of one model or of all. */
interface PlannedFault extends Fault {
  times: number;
  readonly model: string | null;
}

const NAMES = ['slow', 'cut', 'stall', 'hang', 'garbage', 'no-usage'] as const;
const DEFAULT_LATENCY_MS = 2_000;
const DEFAULT_RETRY_AFTER_S = 1;
const MODEL_MARK = '+';

/** The list of planned faults. Only those that ask for it by header or model name pay for the look-up. */
export interface FaultPlan {
  add(wish: unknown): string | null;
  clear(): void;
  take(model: string, headers: IncomingHttpHeaders): Fault | null;
  /** Whether any call may meet a fault that its own body does not name. */
  isEmpty(): boolean;
}

/**
 * Faults come from three places, the first that is there wins: the header `x-demo-fault`, the model's
 * name (`gpt-4o+429`, `gpt-4o+slow`), and what `POST /faults` planned.
 */
export function createFaultPlan(): FaultPlan {
  let planned: PlannedFault[] = [];
  return {
    add(wish) {
      const given = fields(wish);
      const kind = readKind(given['fault']);
      if (kind === null) {
        return `fault must be a status from 400 to 599 or one of ${NAMES.join(', ')}`;
      }
      const { model } = given;
      planned.push({
        ...faultOf(kind, given['latencyMs'], given['retryAfterSeconds']),
        times: Number(given['times'] ?? 1),
        model: typeof model === 'string' ? model : null,
      });
      return null;
    },
    clear() {
      planned = [];
    },
    isEmpty: () => planned.length === 0,
    take(model, headers) {
      const wished = headers['x-demo-fault'];
      const named = readKind(wished) ?? kindInModel(model);
      if (named !== null) {
        return faultOf(named, headers['x-demo-latency-ms'], headers['x-demo-retry-after']);
      }
      const next = planned.find((one) => one.model === null || one.model === model);
      if (!next) {
        return null;
      }
      next.times -= 1;
      planned = planned.filter((one) => one.times > 0);
      return next;
    },
  };
}

function faultOf(kind: FaultKind, latencyMs: unknown, retryAfterSeconds: unknown): Fault {
  return {
    kind,
    latencyMs: Number(latencyMs ?? DEFAULT_LATENCY_MS),
    retryAfterSeconds: Number(retryAfterSeconds ?? DEFAULT_RETRY_AFTER_S),
  };
}

function kindInModel(model: string): FaultKind | null {
  for (const word of model.split(MODEL_MARK).slice(1)) {
    const kind = readKind(word);
    if (kind !== null) {
      return kind;
    }
  }
  return null;
}

function readKind(word: unknown): FaultKind | null {
  const status = Number(word);
  if (word !== undefined && Number.isInteger(status) && status >= 400 && status < 600) {
    return status;
  }
  return NAMES.find((name) => name === word) ?? null;
}
