// What answers hold: the schemas that document them are the types of what handlers make.

import { z } from 'zod';

/** An answer of this schema, as a handler may make it. */
export type Told<Shape extends z.ZodType> = Unchanged<z.output<Shape>>;

type Unchanged<Value> = Value extends readonly (infer Each)[]
  ? readonly Unchanged<Each>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Unchanged<Value[Name]> }
    : Value;

/** A moment in UTC, as `toISOString` writes it. */
export const MOMENT = z.iso.datetime();
export const DAY = z.iso.date();
export const COUNT = z.int();
export const NAMES = z.array(z.string());
/** What a customer keeps with us. */
export const NOTES = z.record(z.string(), z.unknown());
export const ALIASES = z.record(z.string(), z.string());
