import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDrainer } from '../../src/storage/drainer.ts';
import { PrismaClient } from '../../src/storage/generated/client.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { handInEvents } from '../support/usage-events.ts';
import { waitFor } from '../support/wait-for.ts';

/** The database takes so long for each event, and gives up on a statement after this. */
const EVENT_SECONDS = 0.2;
const STATEMENT_TIMEOUT_MS = 1_000;
const EVENTS = 8;

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

test('a batch that takes the database too long is tried in smaller parts until all is charged', async () => {
  const { id: teamId, keyId } = await qm.team();
  const event = { organizationId: 'acme', teamId, keyId, at: new Date() };
  await qm.postgres.$executeRawUnsafe(`
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(${EVENT_SECONDS}); RETURN NEW; END $$`);
  await qm.postgres.$executeRaw`
    CREATE TRIGGER dawdle BEFORE INSERT ON usage_events FOR EACH ROW EXECUTE FUNCTION dawdle()`;
  await handInEvents(
    qm,
    Array.from({ length: EVENTS }, () => event),
  );
  const adapter = new PrismaPg({
    connectionString: qm.databaseUrl,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  const impatient = new PrismaClient({ adapter });
  const drain = createDrainer(impatient, qm.gate);
  await expect(drain()).rejects.toThrow('statement timeout');
  await waitFor(async () => (await drain()).events === 0, {
    what: 'all to be drained',
    timeoutMs: 40_000,
  });
  await impatient.$disconnect();
  expect(await qm.postgres.usageEvent.count({ where: { teamId } })).toBe(EVENTS);
  expect((await qm.stores.records.ledger.account(teamId))?.used).toBe(BigInt(EVENTS) * 1_000_000n);
});
