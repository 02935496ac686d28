// What the lists of this dialect have in common: their pages, their order, and where the caller's sight ends.

import { z } from 'zod';
import { pageField, pagesOf, partOf, sizeField } from './paging.ts';
import type { Page } from './paging.ts';

/** Of every list: which page, in which order. */
export function listFields(sizeMax: number) {
  return {
    page: pageField(),
    page_size: sizeField(sizeMax),
    sort_by: z.string().optional(),
    sort_order: z.string().optional(),
  };
}

export interface ListQuery {
  readonly page?: number | undefined;
  readonly page_size?: number | undefined;
  readonly sort_by?: string | undefined;
  readonly sort_order?: string | undefined;
}

interface Order<Column> {
  readonly sort: Column;
  readonly descending: boolean;
}

/**
 * The page and order that a query means. A column that is unknown is the usual one; `namedDescending` is the direction
 * of one that is named without a direction.
 */
export function listPart<Column extends string>(
  query: ListQuery,
  usual: Order<Column> & { readonly size: number; readonly namedDescending: boolean },
  sorts: Readonly<Record<string, Column>>,
): { readonly page: Page; readonly part: Order<Column> & ReturnType<typeof partOf> } {
  const page = { page: query.page ?? 1, size: query.page_size ?? usual.size };
  const sort = sorts[query.sort_by ?? ''];
  const order = query.sort_order?.toLowerCase();
  const unsaid = sort === undefined ? usual.descending : usual.namedDescending;
  const descending = order === undefined ? unsaid : order === 'desc';
  return { page, part: { sort: sort ?? usual.sort, descending, ...partOf(page) } };
}

/** How many there are, and which of them these are. */
export function pageView(total: number, page: Page) {
  return {
    total,
    page: page.page,
    page_size: page.size,
    total_pages: pagesOf(total, page),
  };
}

/** The fields that were given. */
export function given<Fields extends object>(fields: {
  readonly [Name in keyof Fields]: Fields[Name] | undefined;
}): { readonly [Name in keyof Fields]?: Fields[Name] } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Fields;
}

/** What a filter asks for, unless the caller sees something else only: then it finds nothing. */
export function narrowed(
  asked: string | undefined,
  sight: readonly string[] | undefined,
): readonly string[] | undefined {
  if (asked === undefined) {
    return sight;
  }
  return sight === undefined || sight.includes(asked) ? [asked] : [];
}

/** A switch in a query, as Python's clients write it. */
export function flagField() {
  return z
    .string()
    .regex(/^(true|false|1|0|yes|no|on|off)$/i, 'Input should be a valid boolean')
    .transform((text) => /^(true|1|yes|on)$/i.test(text))
    .optional();
}

/** The names of a list with commas between them; undefined where there is none. */
export function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').filter((each) => each !== '');
}
