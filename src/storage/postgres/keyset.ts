import type { Behind, Page } from '../../core/keyset.ts';

type Field = string | Date | null;
type Where = Readonly<Record<string, unknown>>;

/** What a query asks for to answer one page; see core/keyset.ts. */
export function pageQuery<Sort extends string>({ sort, descending, after, limit }: Page<Sort>) {
  const direction = descending ? 'desc' : 'asc';
  const isNullable = NULLABLE.has(sort);
  return {
    behind: after === undefined ? {} : behind(sort, after, descending, isNullable),
    orderBy: [
      { [sort]: isNullable ? { sort: direction, nulls: 'last' } : direction },
      ...(sort === 'id' ? [] : [{ id: direction }]),
    ] as Record<Sort | 'id', 'asc' | 'desc'>[],
    take: limit,
  };
}

/** Of all that lists are in the order of. */
const NULLABLE: ReadonlySet<string> = new Set(['expiresAt']);

function behind(
  sort: string,
  { value, id }: Behind,
  descending: boolean,
  isNullable: boolean,
): Where {
  const further = (given: Field) => (descending ? { lt: given } : { gt: given });
  if (sort === 'id') {
    return { id: further(id) };
  }
  const amongEqual = { [sort]: value, id: further(id) };
  if (value === null) {
    return amongEqual;
  }
  const rest = isNullable ? [{ [sort]: null }] : [];
  return { OR: [{ [sort]: further(value) }, amongEqual, ...rest] };
}
