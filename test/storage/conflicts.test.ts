import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Records } from '../../src/core/stores.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

test('two changes that lock the same in different orders are both done, each once', async () => {
  const { records } = qm.stores;
  const { id } = await qm.team();
  const lockTeam = async (inside: Records) => inside.teams.locked(id);
  const lockOrganization = async (inside: Records) => inside.organizations.locked('acme');
  const both = Promise.withResolvers<undefined>();
  let begun = 0;
  const change = async (locks: readonly ((inside: Records) => Promise<unknown>)[], key: string) =>
    records.change(async (inside) => {
      await locks[0]?.(inside);
      begun += 1;
      if (begun === 2) {
        both.resolve(undefined);
      }
      await both.promise;
      await locks[1]?.(inside);
      return { isNew: await inside.receipts.claim(key) };
    });
  const done = await Promise.all([
    change([lockTeam, lockOrganization], 'one'),
    change([lockOrganization, lockTeam], 'other'),
  ]);
  expect(done).toEqual([{ isNew: true }, { isNew: true }]);
  // One of them was run again: they did wait for each other.
  expect(begun).toBeGreaterThanOrEqual(3);
});
