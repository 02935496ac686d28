// Pages as LiteLLM counts them: from 1, with how many there are.

import { z } from 'zod';

/** A whole number in a query, which is text. */
function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'Input should be a valid integer')
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

/** Pages beyond this were turned by a program that lost its way. */
const PAGE_MAX = 1_000_000;

export function pageField() {
  return whole(1, PAGE_MAX).optional();
}

export function sizeField(most: number) {
  return whole(1, most).optional();
}

export interface Page {
  readonly page: number;
  readonly size: number;
}

export function partOf({ page, size }: Page) {
  return { offset: (page - 1) * size, limit: size };
}

export function pagesOf(total: number, { size }: Page): number {
  return Math.ceil(total / size);
}
