import type { z } from 'zod';
import { Unreachable } from '../../client/patient-fetch.ts';

/** An answer of another system as its shape has it. Throws Unreachable where it is another. */
export function shaped<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  answer: unknown,
): z.output<Shape> {
  const read = shape.safeParse(answer);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    const what = issue?.message ?? 'it is not understood';
    throw new Unreachable(`Reading ${path} of the other system: ${where}: ${what}`);
  }
  return read.data;
}

export function orNull<Value>(value: Value | null | undefined): Value | null {
  return value ?? null;
}
