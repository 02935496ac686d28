import { GateUnavailable } from '../core/faults.ts';

/** What Redis answered. Throws GateUnavailable, which says what was tried, where it can't. */
export async function gateReached<Answer>(tried: string, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    throw new GateUnavailable(`${tried}: ${(error as Error).message}`, { cause: error });
  }
}
