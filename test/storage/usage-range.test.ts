import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { createOrganization } from '../../src/core/organizations/create-organization.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { dateIn } from '../../src/core/time-zone.ts';
import type {
  UsageDimension,
  UsageQuery,
  UsageRangeRow,
} from '../../src/core/usage/usage-range.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { handInEvents } from '../support/usage-events.ts';
import type { EventWish } from '../support/usage-events.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const ALL_TIME = { from: new Date('2020-01-01Z'), to: new Date('2030-01-01Z') };

/** A team of an organization whose days begin where they do there. */
async function teamIn(organizationId: string, timeZone: string) {
  await createOrganization(qm.stores, SYSTEM, { id: organizationId, name: organizationId });
  await updateOrganization(qm.stores, SYSTEM, organizationId, { timeZone });
  const { id: teamId, keyId } = await qm.team({ id: `${organizationId}-team`, organizationId });
  return { organizationId, teamId, keyId };
}

async function used(events: readonly EventWish[]): Promise<void> {
  await handInEvents(qm, events);
  await qm.drain();
}

const callsBy = async (query: UsageQuery): Promise<[string, bigint][]> =>
  (await qm.stores.records.usage.range(query)).map((row) => [row.period, row.calls]);

describe('hours, days and months', () => {
  test('are those of the time zone, also when the clock is set back', async () => {
    const whose = await teamIn('berlin', 'Europe/Berlin');
    const scope = { kind: 'team', teamId: whose.teamId } as const;
    const times = [
      '2026-10-24T21:59:59.999Z', // 23:59 on the 24th
      '2026-10-24T22:00:00Z', // midnight
      '2026-10-25T00:30:00Z', // 02:30, for the first time
      '2026-10-25T01:30:00Z', // 02:30, for the second
      '2026-10-25T22:59:00Z', // the 25th hour of the day
      '2026-10-25T23:00:00Z',
      '2026-10-31T23:00:00Z', // the 1st of November
    ];
    await used(times.map((at) => ({ ...whose, at: new Date(at) })));
    expect(await callsBy({ ...ALL_TIME, scope, step: 'day', by: [] })).toEqual([
      ['2026-10-24', 1n],
      ['2026-10-25', 4n],
      ['2026-10-26', 1n],
      ['2026-11-01', 1n],
    ]);
    expect(await callsBy({ ...ALL_TIME, scope, step: 'month', by: [] })).toEqual([
      ['2026-10', 6n],
      ['2026-11', 1n],
    ]);
    const night = { from: new Date('2026-10-25T00:00Z'), to: new Date('2026-10-25T02:00Z') };
    expect(await callsBy({ ...night, scope, step: 'hour', by: [] })).toEqual([
      ['2026-10-25T00:00:00Z', 1n],
      ['2026-10-25T01:00:00Z', 1n],
    ]);
  });

  test('begin at the half hour where the zone does', async () => {
    const whose = await teamIn('kolkata', 'Asia/Kolkata');
    const scope = { kind: 'organization', organizationId: 'kolkata' } as const;
    const times = ['2026-03-01T18:29:00Z', '2026-03-01T18:30:00Z', '2026-03-01T19:29:59Z'];
    await used(times.map((at) => ({ ...whose, at: new Date(at) })));
    const around = { from: new Date('2026-03-01T18:10Z'), to: new Date('2026-03-01T18:45Z') };
    expect(await callsBy({ ...around, scope, step: 'hour', by: [] })).toEqual([
      ['2026-03-01T17:30:00Z', 1n],
      ['2026-03-01T18:30:00Z', 2n],
    ]);
    expect(await callsBy({ ...around, scope, step: 'day', by: [] })).toEqual([
      ['2026-03-01', 1n],
      ['2026-03-02', 2n],
    ]);
  });

  test('that passed are corrected by what comes late, and by nothing twice', async () => {
    const whose = await teamIn('late', 'America/New_York');
    const scope = { kind: 'key', keyId: whose.keyId } as const;
    const query = { ...ALL_TIME, scope, step: 'day', by: [] } as const;
    const early = { ...whose, id: 'late-event', at: new Date('2026-01-02T12:00Z') };
    await used([{ ...whose, at: new Date('2026-03-08T12:00Z') }]);
    await used([early]);
    await used([early, early]);
    expect(await callsBy(query)).toEqual([
      ['2026-01-02', 1n],
      ['2026-03-08', 1n],
    ]);
  });

  test('that were counted stay as they were when the time zone changes', async () => {
    const whose = await teamIn('moving', 'Asia/Tokyo');
    const scope = { kind: 'team', teamId: whose.teamId } as const;
    const at = new Date('2026-05-01T16:00Z');
    await used([{ ...whose, at }]);
    await updateOrganization(qm.stores, SYSTEM, 'moving', { timeZone: 'UTC' });
    await used([{ ...whose, at }]);
    expect(await callsBy({ ...ALL_TIME, scope, step: 'day', by: [] })).toEqual([
      ['2026-05-01', 1n],
      ['2026-05-02', 1n],
    ]);
    expect(await callsBy({ ...ALL_TIME, scope, step: 'all', by: [] })).toEqual([['', 2n]]);
  });
});

describe('usage', () => {
  test('is told apart by team, key, user, model, tag and job type', async () => {
    const whose = await teamIn('apart', 'UTC');
    const other = await qm.team({ id: 'apart-other', organizationId: 'apart' });
    const wish = { teamId: whose.teamId, name: 'tagged', expiresAt: null };
    const key = await createKey(qm.stores, SYSTEM, {
      ...wish,
      tags: ['web', 'beta'],
      userId: 'ann',
      createUser: true,
    });
    const { keyId } = key as { keyId: string };
    const at = new Date('2026-02-03T04:05Z');
    await used([
      { ...whose, at },
      { ...whose, at, keyId, userId: 'ann', model: 'gpt-4o-mini', inputTokens: 7 },
      { ...whose, at, keyId, userId: 'ann', jobType: 'summary', outcome: 'failed' },
      { ...whose, at, teamId: other.id, keyId: other.keyId },
    ]);
    const scope = { kind: 'organization', organizationId: 'apart' } as const;
    const callsOf = async (by: readonly UsageDimension[]): Promise<unknown[]> =>
      (await qm.stores.records.usage.range({ ...ALL_TIME, scope, step: 'all', by })).map((row) => [
        ...Object.values(row.names),
        Number(row.calls),
      ]);
    expect(await callsOf(['team'])).toEqual([
      ['apart-other', 1],
      ['apart-team', 3],
    ]);
    expect(await callsOf(['key'])).toEqual(
      expect.arrayContaining([
        [keyId, 2],
        [whose.keyId, 1],
        [other.keyId, 1],
      ]),
    );
    expect(await callsOf(['user'])).toEqual([
      ['', 2],
      ['ann', 2],
    ]);
    expect(await callsOf(['tag'])).toEqual([
      ['beta', 2],
      ['web', 2],
    ]);
    expect(await callsOf(['model', 'job_type'])).toEqual([
      ['gpt-4o', 'chat', 2],
      ['gpt-4o', 'summary', 1],
      ['gpt-4o-mini', 'chat', 1],
    ]);
    const ofAnn = { kind: 'user', organizationId: 'apart', userId: 'ann' } as const;
    expect(
      await qm.stores.records.usage.range({ ...ALL_TIME, scope: ofAnn, step: 'all', by: [] }),
    ).toEqual([
      {
        period: '',
        names: {},
        calls: 2n,
        failedCalls: 1n,
        jobs: 2n,
        failedJobs: 1n,
        inputTokens: 17n,
        outputTokens: 2n,
        costNanoUsd: 2_000n,
        charge: 2_000_000n,
      },
    ]);
  });

  test('counts a job once, whatever calls it held, and what came after a lapse not at all', async () => {
    const whose = await teamIn('jobs', 'UTC');
    const at = new Date('2026-02-03T04:05Z');
    const inside = { ...whose, at, jobId: 'a-job', charge: 0n };
    await used([
      { ...inside },
      { ...inside },
      { ...whose, at, id: 'a-job', model: '' },
      { ...whose, at, id: 'alone' },
      { ...whose, at, id: 'alone:late' },
    ]);
    const scope = { kind: 'team', teamId: whose.teamId } as const;
    const [sum] = await qm.stores.records.usage.range({ ...ALL_TIME, scope, step: 'all', by: [] });
    expect(sum).toMatchObject({ calls: 3n, jobs: 2n, charge: 3_000_000n });
  });

  test('of nobody is empty', async () => {
    for (const scope of [
      { kind: 'organization', organizationId: 'nobody' },
      { kind: 'team', teamId: 'nobody' },
      { kind: 'key', keyId: 'nobody' },
      { kind: 'user', organizationId: 'nobody', userId: 'nobody' },
    ] as const) {
      expect(
        await qm.stores.records.usage.range({ ...ALL_TIME, scope, step: 'day', by: ['model'] }),
      ).toEqual([]);
    }
  });

  test('over any range is the sum of the calls of its days', async () => {
    const timeZone = 'America/Sao_Paulo';
    const whose = await teamIn('any', timeZone);
    const began = Date.parse('2025-01-01T00:00Z');
    // Spread without chance, so that a failure fails again.
    const times = Array.from({ length: 400 }, (_, at) => began + ((at * 7_919) % 640) * 86_399_777);
    await used(times.map((at) => ({ ...whose, at: new Date(at) })));
    const scopes = [
      { kind: 'team', teamId: whose.teamId },
      { kind: 'organization', organizationId: 'any' },
      { kind: 'key', keyId: whose.keyId },
    ] as const;
    const sums: bigint[] = [];
    const expected: bigint[] = [];
    for (let nth = 0; nth < 60; nth += 1) {
      const from = new Date(began + ((nth * 31) % 500) * 86_412_345);
      const to = new Date(from.getTime() + ((nth * 17) % 200) * 86_000_000 + 1);
      const step = (['day', 'month', 'all'] as const)[nth % 3] ?? 'all';
      const scope = scopes[(nth % 7) % 3] ?? scopes[0];
      const rows = await qm.stores.records.usage.range({ from, to, scope, step, by: [] });
      sums.push(callsIn(rows));
      const [first, last] = [dateIn(timeZone, from.getTime()), dateIn(timeZone, to.getTime() - 1)];
      const within = times.map((at) => dateIn(timeZone, at)).filter((d) => d >= first && d <= last);
      expected.push(BigInt(within.length));
    }
    expect(sums).toEqual(expected);
    expect(sums.some((sum) => sum > 100n)).toBe(true);
  });
});

function callsIn(rows: readonly UsageRangeRow[]): bigint {
  return rows.reduce((sum, row) => sum + row.calls, 0n);
}

test('what was charged since a moment is what the calls since then were charged, at any minute', async () => {
  const whose = await teamIn('paced', 'Asia/Kolkata');
  const minute = 60_000;
  const start = Date.parse('2026-11-10T03:07:00Z');
  const times = [0, 1, 30, 31, 90, 200, 1_000, 1_001, 5_000].map((at) => start + at * minute);
  await used(times.map((at) => ({ ...whose, at: new Date(at) })));
  for (const sinceMs of [
    start - 400 * minute,
    ...times.flatMap((at) => [at, at + 1, at + minute]),
  ]) {
    const seen = times.filter((at) => at >= sinceMs);
    expect(await qm.stores.records.usage.chargedSince(whose.teamId, new Date(sinceMs))).toEqual({
      charged: BigInt(seen.length) * 1_000_000n,
      calls: BigInt(seen.length),
      first: seen[0] === undefined ? null : new Date(seen[0]),
    });
  }
});
