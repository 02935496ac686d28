// `after` names the row that a page goes on behind: by its id alone where rows stand in the order of their ids, else by
// what they are ordered by, a tilde, and the id. So a row that changes meanwhile moves no page.

import type { Behind } from '../../core/keyset.ts';
import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';

/** What a list is ordered by, and how `after` tells it. */
export interface Ordered {
  readonly holds: 'id' | 'text' | 'moment';
}

/** No id has it. */
const BETWEEN = '~';

/** As `toISOString` tells the moments of rows. */
const MOMENT = /^2\d{3}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** What `after` is for the page behind a row. */
export function cursorOf({ holds }: Ordered, { value, id }: Behind): string {
  const told = value instanceof Date ? value.toISOString() : (value ?? '');
  return holds === 'id' ? id : `${told}${BETWEEN}${id}`;
}

/** The row that `after` names. */
export function behindOf({ holds }: Ordered, after: string): Behind | Refusal {
  if (holds === 'id') {
    return { value: after, id: after };
  }
  const at = after.lastIndexOf(BETWEEN);
  const told = after.slice(0, Math.max(0, at));
  if (at === -1 || (holds === 'moment' && told !== '' && !MOMENT.test(told))) {
    return refuse('parameter_invalid', {
      parameter: 'after',
      complaint:
        'in this order it is what the answer before said: what rows are ordered by, "~", and the id',
    });
  }
  const moment = told === '' ? null : new Date(told);
  return { value: holds === 'moment' ? moment : told, id: after.slice(at + 1) };
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
