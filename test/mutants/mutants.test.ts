import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test.each(MUTANTS)('"$flaw" can still be made to happen', ({ file, from, to, tests }) => {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  expect(text.split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(tests.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});
