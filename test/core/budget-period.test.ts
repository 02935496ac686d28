import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetDuration } from '../../src/core/budgets/duration.ts';
import { parseDuration } from '../../src/core/budgets/duration.ts';
import {
  boundariesFrom,
  fixedLengthMs,
  isFixed,
  MAX_BOUNDARIES,
  periodAt,
} from '../../src/core/budgets/period.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { complaintAboutTimeZone, DEFAULT_TIME_ZONE } from '../../src/core/time-zone.ts';

/** Every case of the table counts from here. */
const ANCHOR_MS = Date.parse('2024-01-15T10:30Z');

// duration, zone, now, start of the period, its end
const DAYS = `
  1d   UTC                  2024-02-28T23:59:59.999Z       2024-02-28T00:00Z       2024-02-29T00:00Z
  1d   UTC                  2024-02-29T00:00Z              2024-02-29T00:00Z       2024-03-01T00:00Z
  1d   UTC                  2023-02-28T12:00Z              2023-02-28T00:00Z       2023-03-01T00:00Z
  1d   UTC                  2100-02-28T12:00Z              2100-02-28T00:00Z       2100-03-01T00:00Z
  1d   UTC                  2024-12-31T23:59Z              2024-12-31T00:00Z       2025-01-01T00:00Z
  24h  Europe/Berlin        2024-06-01T22:30Z              2024-06-02T00:00+02:00  2024-06-03T00:00+02:00
  1d   Asia/Kathmandu       2024-06-01T18:14:59Z           2024-06-01T00:00+05:45  2024-06-02T00:00+05:45
  1d   Asia/Kathmandu       2024-06-01T18:15Z              2024-06-02T00:00+05:45  2024-06-03T00:00+05:45
  1d   Pacific/Kiritimati   2024-06-01T10:00Z              2024-06-02T00:00+14:00  2024-06-03T00:00+14:00
  1d   America/New_York     2024-03-10T12:00-04:00         2024-03-10T00:00-05:00  2024-03-11T00:00-04:00
  1d   America/New_York     2024-11-03T01:30-05:00         2024-11-03T00:00-04:00  2024-11-04T00:00-05:00
  1d   Europe/Berlin        2024-03-31T23:59:59.999+02:00  2024-03-31T00:00+01:00  2024-04-01T00:00+02:00
  1d   Europe/Berlin        2024-10-27T02:30+01:00         2024-10-27T00:00+02:00  2024-10-28T00:00+01:00
  1d   America/Santiago     2024-09-07T23:59:59.999-04:00  2024-09-07T00:00-04:00  2024-09-08T01:00-03:00
  1d   America/Santiago     2024-09-08T01:00-03:00         2024-09-08T01:00-03:00  2024-09-09T00:00-03:00
  1d   America/Santiago     2024-04-06T23:30-04:00         2024-04-06T00:00-03:00  2024-04-07T00:00-04:00
  1d   Africa/Cairo         2024-04-25T23:00+02:00         2024-04-25T00:00+02:00  2024-04-26T01:00+03:00
  1d   Africa/Cairo         2024-04-26T01:00+03:00         2024-04-26T01:00+03:00  2024-04-27T00:00+03:00
  1d   Africa/Cairo         2024-10-31T23:30+02:00         2024-10-31T00:00+03:00  2024-11-01T00:00+02:00
  1d   America/Havana       2024-11-03T00:30-05:00         2024-11-03T00:00-04:00  2024-11-04T00:00-05:00
  1d   America/St_Johns     2010-11-06T23:30-03:30         2010-11-07T00:00-02:30  2010-11-08T00:00-03:30
  1d   Australia/Lord_Howe  2024-04-07T12:00+10:30         2024-04-07T00:00+11:00  2024-04-08T00:00+10:30
  1d   Australia/Lord_Howe  2024-10-06T12:00+11:00         2024-10-06T00:00+10:30  2024-10-07T00:00+11:00
  1d   Pacific/Apia         2011-12-29T23:59:59.999-10:00  2011-12-29T00:00-10:00  2011-12-31T00:00+14:00
  1d   Pacific/Apia         2011-12-31T00:00+14:00         2011-12-31T00:00+14:00  2012-01-01T00:00+14:00
`;

const WEEKS = `
  7d   UTC                  2024-02-29T12:00Z              2024-02-26T00:00Z       2024-03-04T00:00Z
  1w   UTC                  2024-03-03T23:59:59.999Z       2024-02-26T00:00Z       2024-03-04T00:00Z
  7d   UTC                  2024-03-04T00:00Z              2024-03-04T00:00Z       2024-03-11T00:00Z
  7d   UTC                  1969-12-31T12:00Z              1969-12-29T00:00Z       1970-01-05T00:00Z
  7d   America/New_York     2024-03-10T12:00-04:00         2024-03-04T00:00-05:00  2024-03-11T00:00-04:00
  7d   Europe/Berlin        2024-10-27T12:00+01:00         2024-10-21T00:00+02:00  2024-10-28T00:00+01:00
  7d   Pacific/Apia         2011-12-31T12:00+14:00         2011-12-26T00:00-10:00  2012-01-02T00:00+14:00
`;

const MONTHS = `
  1mo  UTC                  2024-01-31T23:59:59.999Z       2024-01-01T00:00Z       2024-02-01T00:00Z
  1mo  UTC                  2024-02-29T23:59Z              2024-02-01T00:00Z       2024-03-01T00:00Z
  1mo  UTC                  2023-02-28T23:59Z              2023-02-01T00:00Z       2023-03-01T00:00Z
  30d  UTC                  2024-03-31T12:00Z              2024-03-01T00:00Z       2024-04-01T00:00Z
  1mo  UTC                  2024-12-31T12:00Z              2024-12-01T00:00Z       2025-01-01T00:00Z
  1mo  America/New_York     2024-04-01T03:59Z              2024-03-01T00:00-05:00  2024-04-01T00:00-04:00
  1mo  Asia/Kathmandu       2024-04-30T18:15Z              2024-05-01T00:00+05:45  2024-06-01T00:00+05:45
  1mo  Africa/Cairo         2024-10-31T23:30+02:00         2024-10-01T00:00+03:00  2024-11-01T00:00+02:00
  1mo  America/Asuncion     2023-09-30T23:59-04:00         2023-09-01T00:00-04:00  2023-10-01T01:00-03:00
  1mo  Australia/Lord_Howe  2024-04-30T12:00+10:30         2024-04-01T00:00+11:00  2024-05-01T00:00+10:30
  1mo  Pacific/Apia         2011-12-29T12:00-10:00         2011-12-01T00:00-10:00  2012-01-01T00:00+14:00
`;

const FROM_THE_ANCHOR = `
  2d   UTC                  2024-01-16T23:00Z              2024-01-15T00:00Z       2024-01-17T00:00Z
  14d  UTC                  2024-02-28T12:00Z              2024-02-26T00:00Z       2024-03-11T00:00Z
  2w   UTC                  2024-01-14T23:59Z              2024-01-01T00:00Z       2024-01-15T00:00Z
  14d  America/New_York     2024-03-10T12:00-04:00         2024-02-26T00:00-05:00  2024-03-11T00:00-04:00
  14d  Pacific/Kiritimati   2024-01-15T12:00Z              2024-01-16T00:00+14:00  2024-01-30T00:00+14:00
  90d  UTC                  2024-04-13T23:59Z              2024-01-15T00:00Z       2024-04-14T00:00Z
  2mo  UTC                  2024-02-29T12:00Z              2024-01-01T00:00Z       2024-03-01T00:00Z
  3mo  Europe/Berlin        2024-05-05T12:00+02:00         2024-04-01T00:00+02:00  2024-07-01T00:00+02:00
  3mo  UTC                  2023-12-31T23:59Z              2023-10-01T00:00Z       2024-01-01T00:00Z
  1y   UTC                  2024-02-29T12:00Z              2024-01-01T00:00Z       2025-01-01T00:00Z
  2y   UTC                  2023-12-31T12:00Z              2022-01-01T00:00Z       2024-01-01T00:00Z
  1h   UTC                  2024-01-15T12:00Z              2024-01-15T11:30Z       2024-01-15T12:30Z
  1h   Asia/Kathmandu       2024-01-15T12:00Z              2024-01-15T11:30Z       2024-01-15T12:30Z
  90m  UTC                  2024-01-15T10:29Z              2024-01-15T09:00Z       2024-01-15T10:30Z
  30s  UTC                  2024-01-15T10:30:29.999Z       2024-01-15T10:30Z       2024-01-15T10:30:30Z
  12h  Europe/Berlin        2024-03-31T12:00Z              2024-03-31T10:30Z       2024-03-31T22:30Z
  36h  UTC                  2024-01-17T00:00Z              2024-01-16T22:30Z       2024-01-18T10:30Z
`;

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kwajalein',
];
const DURATIONS = ['45s', '7m', '5h', '36h', '1d', '2d', '7d', '10d', '1mo', '2mo', '7mo', '1y'];

const instants = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.getTime());
// Around a change of the clocks, a skipped date or a midnight that comes twice.
const oddInstants = fc
  .tuple(
    fc.constantFrom(
      '2024-09-08T04:00Z',
      '2011-12-30T10:00Z',
      '2010-11-07T02:31Z',
      '2024-04-06T15:00Z',
    ),
    fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
  )
  .map(([change, offMs]) => Date.parse(change) + offMs);
const budgets = fc.record({
  duration: fc.constantFrom(...DURATIONS).map(durationOf),
  anchorMs: instants,
  timeZone: fc.constantFrom(...ZONES),
  nowMs: fc.oneof(instants, oddInstants),
});

function durationOf(text: string): BudgetDuration {
  const parsed = parseDuration(text);
  if ('complaint' in parsed) {
    throw new Error(`Reading "${text}": ${parsed.complaint}`);
  }
  return parsed;
}

function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

/** `2024-02-29` as a calendar on the wall shows it; by Intl, not by what is tested. */
function localDates(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return (atMs) => format.format(atMs);
}

describe.each([
  ['days begin at local midnight', DAYS],
  ['weeks begin on Monday', WEEKS],
  ['months begin on the 1st', MONTHS],
  ['other periods are counted from the anchor', FROM_THE_ANCHOR],
])('%s', (_, table) => {
  it.each(rowsOf(table))('%s in %s: %s lies in %s to %s', (text, timeZone, now, start, end) => {
    const period = periodAt(durationOf(text), ANCHOR_MS, timeZone, Date.parse(now));
    expect([period.startsAtMs, period.endsAtMs].map((ms) => new Date(ms).toISOString())).toEqual(
      [start, end].map((at) => new Date(at).toISOString()),
    );
  });
});

describe('a day', () => {
  it.each([
    ['America/New_York', '2024-03-10T12:00Z', 23],
    ['America/New_York', '2024-11-03T12:00Z', 25],
    ['America/Santiago', '2024-09-08T12:00Z', 23],
    ['America/Santiago', '2024-04-06T12:00Z', 25],
    ['Australia/Lord_Howe', '2024-04-07T00:00Z', 24.5],
    ['Australia/Lord_Howe', '2024-10-06T00:00Z', 23.5],
    ['Pacific/Apia', '2011-12-30T00:00Z', 24],
  ])('in %s at %s is %d hours long', (timeZone, now, hours) => {
    const { startsAtMs, endsAtMs } = periodAt(durationOf('1d'), 0, timeZone, Date.parse(now));
    expect(endsAtMs - startsAtMs).toBe(hours * HOUR_MS);
  });
});

describe('periods', () => {
  it('hold their instant and touch the periods before and after without gap or overlap', () => {
    fc.assert(
      fc.property(budgets, ({ duration, anchorMs, timeZone, nowMs }) => {
        const { startsAtMs, endsAtMs } = periodAt(duration, anchorMs, timeZone, nowMs);
        expect(startsAtMs).toBeLessThanOrEqual(nowMs);
        expect(endsAtMs).toBeGreaterThan(nowMs);
        expect(periodAt(duration, anchorMs, timeZone, endsAtMs).startsAtMs).toBe(endsAtMs);
        expect(periodAt(duration, anchorMs, timeZone, startsAtMs - 1).endsAtMs).toBe(startsAtMs);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same whichever of their instants is asked for', () => {
    const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(budgets, part, ({ duration, anchorMs, timeZone, nowMs }, share) => {
        const period = periodAt(duration, anchorMs, timeZone, nowMs);
        const lengthMs = period.endsAtMs - period.startsAtMs;
        const otherMs = period.startsAtMs + Math.floor(share * lengthMs);
        expect(periodAt(duration, anchorMs, timeZone, otherMs)).toEqual(period);
      }),
    );
  });

  it('of the calendar start with the first instant of a local date', () => {
    fc.assert(
      fc.property(budgets, ({ duration, anchorMs, timeZone, nowMs }) => {
        fc.pre(!isFixed(duration));
        const { startsAtMs } = periodAt(duration, anchorMs, timeZone, nowMs);
        const localDate = localDates(timeZone);
        expect(localDate(startsAtMs) > localDate(startsAtMs - 1)).toBe(true);
      }),
    );
  });

  it('of an exact length start a whole number of lengths from the anchor, in every zone', () => {
    fc.assert(
      fc.property(budgets, ({ duration, anchorMs, timeZone, nowMs }) => {
        fc.pre(isFixed(duration));
        const { startsAtMs, endsAtMs } = periodAt(duration, anchorMs, timeZone, nowMs);
        const lengthMs = isFixed(duration) ? fixedLengthMs(duration) : NaN;
        expect(endsAtMs - startsAtMs).toBe(lengthMs);
        expect(Math.abs(startsAtMs - anchorMs) % lengthMs).toBe(0);
      }),
    );
  });

  it.each(['1d', '7d', '1mo'])('of %s are the same for every anchor', (text) => {
    fc.assert(
      fc.property(budgets, ({ anchorMs, timeZone, nowMs }) => {
        const duration = durationOf(text);
        expect(periodAt(duration, anchorMs, timeZone, nowMs)).toEqual(
          periodAt(duration, 0, timeZone, nowMs),
        );
      }),
    );
  });

  it('of other lengths have a boundary at the date of their anchor', () => {
    fc.assert(
      fc.property(budgets, ({ anchorMs, timeZone }) => {
        const tenDays = periodAt(durationOf('10d'), anchorMs, timeZone, anchorMs);
        const today = periodAt(durationOf('1d'), anchorMs, timeZone, anchorMs);
        expect([today.startsAtMs, today.startsAtMs - DAY_MS]).toContain(tenDays.startsAtMs);
      }),
    );
  });
});

describe('months', () => {
  const anchors = Array.from({ length: 31 }, (_, day) => Date.UTC(2023, 0, day + 1, 22, 45));

  it.each(ZONES)('in %s reset exactly once each, whatever day the anchor is', (timeZone) => {
    const localDate = localDates(timeZone);
    for (const anchorMs of anchors) {
      const resets = boundariesFrom(
        durationOf('1mo'),
        anchorMs,
        timeZone,
        Date.UTC(2023, 0, 15),
        48,
      );
      expect(resets.map(localDate)).toEqual(
        Array.from({ length: 49 }, (_, month) =>
          new Date(Date.UTC(2023, month, 1)).toISOString().slice(0, 10),
        ),
      );
    }
  });

  it('in blocks start on the 1st, whatever day the anchor is, and never drift', () => {
    for (const anchorMs of anchors.slice(0, 30)) {
      const starts = boundariesFrom(durationOf('5mo'), anchorMs, 'UTC', anchorMs, 48);
      expect(starts).toEqual(
        Array.from({ length: 49 }, (_, block) => Date.UTC(2023, block * 5, 1)),
      );
    }
  });
});

describe('boundaries', () => {
  it('are the start of the period that holds the instant and the ends of those that follow', () => {
    fc.assert(
      fc.property(
        budgets,
        fc.integer({ min: 0, max: 12 }),
        ({ duration, anchorMs, timeZone, nowMs }, count) => {
          const expected = [periodAt(duration, anchorMs, timeZone, nowMs).startsAtMs];
          for (let taken = 0; taken < count; taken += 1) {
            expected.push(periodAt(duration, anchorMs, timeZone, expected.at(-1) ?? NaN).endsAtMs);
          }
          expect(boundariesFrom(duration, anchorMs, timeZone, nowMs, count)).toEqual(expected);
        },
      ),
    );
  });

  it('rise strictly', () => {
    fc.assert(
      fc.property(budgets, ({ duration, anchorMs, timeZone, nowMs }) => {
        const found = boundariesFrom(duration, anchorMs, timeZone, nowMs, MAX_BOUNDARIES);
        expect(found).toHaveLength(MAX_BOUNDARIES + 1);
        expect(found.every((ms, index) => index === 0 || ms > (found[index - 1] ?? NaN))).toBe(
          true,
        );
      }),
    );
  });

  it('leave out a date that a zone left out', () => {
    const nowMs = Date.parse('2011-12-29T12:00-10:00');
    expect(boundariesFrom(durationOf('1d'), 0, 'Pacific/Apia', nowMs, 2)).toEqual(
      ['2011-12-29T00:00-10:00', '2011-12-31T00:00+14:00', '2012-01-01T00:00+14:00'].map((at) =>
        Date.parse(at),
      ),
    );
  });

  it.each([-1, 1.5, NaN, MAX_BOUNDARIES + 1])('are refused in the number %d', (count) => {
    expect(() => boundariesFrom(durationOf('1d'), 0, 'UTC', 0, count)).toThrow(RangeError);
  });
});

describe('a time zone', () => {
  it('that the platform lists is taken and has periods', () => {
    for (const name of [DEFAULT_TIME_ZONE, ...Intl.supportedValuesOf('timeZone')]) {
      expect(complaintAboutTimeZone(name), name).toBeUndefined();
      const { startsAtMs, endsAtMs } = periodAt(durationOf('1mo'), 0, name, ANCHOR_MS);
      expect(endsAtMs - startsAtMs, name).toBe(31 * DAY_MS);
    }
  });

  it.each(['europe/berlin', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5', 'GMT', 'US/Pacific'])(
    'may be called %s, and has periods',
    (name) => {
      expect(complaintAboutTimeZone(name)).toBeUndefined();
      expect(() => periodAt(durationOf('1d'), 0, name, ANCHOR_MS)).not.toThrow();
    },
  );

  it.each([
    ['', 'it is empty'],
    ['x'.repeat(65), 'it has 65 characters, at most 64 are allowed'],
    ['+02:00', '"+02:00" is an offset, only names like "Europe/Berlin" are allowed'],
    ['-0500', 'is an offset'],
    ['Europe/Berln', '"Europe/Berln" is not a time zone; perhaps "Europe/Berlin" is meant'],
    ['Berlin', 'perhaps "Europe/Berlin" is meant'],
    ['new york', 'perhaps "America/New_York" is meant'],
    [' UTC', 'perhaps "UTC" is meant'],
    ['Mars/Phobos', '"Mars/Phobos" is not a time zone, write it like "Europe/Berlin" or "UTC"'],
    ['BST', 'is not a time zone'],
    ['CEST', 'write it like'],
    ['Z', 'is not a time zone'],
    ['2024-01-01T00:00[Europe/Berlin]', 'is not a time zone'],
  ])('cannot be called %j: %s', (name, complaint) => {
    expect(complaintAboutTimeZone(name)).toContain(complaint);
  });
});
