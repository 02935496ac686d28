// `after` names the row that a page goes on behind: by its id alone where rows stand in the order of their ids, else by
// what they are ordered by, a tilde, and the id. So a row that changes meanwhile moves no page.

import type { Behind } from '../../core/keyset.ts';
import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';

/** What a list is ordered by, and how `after` tells it. */
export interface Ordered {
  readonly holds: 'id' | 'text' | 'moment';
  /** Whether rows may lack it. */
  readonly isOptional?: boolean;
}

/** No id has it. */
const BETWEEN = '~';

/** Moments of rows are in the years of four digits; there is no year 0 in the database. */
const YEAR = /^(?!0000)\d{4}-/;

/** What `after` is for the page behind a row. */
export function cursorOf({ holds }: Ordered, { value, id }: Behind): string {
  const told = value instanceof Date ? value.toISOString() : (value ?? '');
  return holds === 'id' ? id : `${told}${BETWEEN}${id}`;
}

/** The row that `after` names. */
export function behindOf({ holds, isOptional = false }: Ordered, after: string): Behind | Refusal {
  if (holds === 'id') {
    return { value: after, id: after };
  }
  const at = after.lastIndexOf(BETWEEN);
  const told = after.slice(0, Math.max(0, at));
  const isMoment = isToldMoment(told) || (isOptional && told === '');
  if (at === -1 || (holds === 'moment' && !isMoment)) {
    return refuse('parameter_invalid', {
      parameter: 'after',
      complaint:
        'in this order it is what the answer before said: what rows are ordered by, "~", and the id',
    });
  }
  const moment = told === '' ? null : new Date(told);
  return { value: holds === 'moment' ? moment : told, id: after.slice(at + 1) };
}

/** Whether it is as `toISOString` tells a moment of a row. */
function isToldMoment(text: string): boolean {
  const ms = Date.parse(text);
  return YEAR.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** The header that leads to the page behind a row: the same wish, behind it. */
export function nextPage(
  path: string,
  wish: Readonly<Record<string, string | number | undefined>>,
  after: string,
): { readonly link: string } {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries<string | number | undefined>({ ...wish, after })) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  return { link: `<${path}?${query.toString()}>; rel="next"` };
}
