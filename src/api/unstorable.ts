import { complaintAboutJson } from '../core/json.ts';
import { refuse } from '../core/refusals.ts';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import type { RawCall } from './endpoint.ts';

/** Deeper than anything that is meant. */
const LEVELS_MAX = 100;

/**
 * What no field complained of may still be what no database keeps, or nested deeper than anybody recurses: then the
 * fault that it led to is a mistake of whoever sent it.
 */
export async function orUnstorable(
  dialect: Pick<Dialect, 'refused'>,
  { body, query, params }: RawCall,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const complaint = complaintAboutJson([body, query, params], LEVELS_MAX);
    if (complaint === undefined) {
      throw error;
    }
    return dialect.refused(refuse('value_invalid', { field: 'the request', complaint }));
  }
}
