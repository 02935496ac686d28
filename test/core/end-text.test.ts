import { expect, test } from 'vitest';
import { endFromText } from '../../src/core/end-text.ts';

/** A Wednesday; in Berlin it is two hours later. */
const NOW = Date.parse('2026-07-15T12:00:00Z');

test.each([
  ['2d', 'UTC', '2026-07-17T12:00:00Z'],
  ['12h', 'UTC', '2026-07-16T00:00:00Z'],
  ['1mo', 'UTC', '2026-08-15T12:00:00Z'],
  ['friday', 'UTC', '2026-07-18T00:00:00Z'],
  ['Fri', 'Europe/Berlin', '2026-07-17T22:00:00Z'],
  ['wednesday', 'UTC', '2026-07-16T00:00:00Z'],
  ['tuesday', 'UTC', '2026-07-22T00:00:00Z'],
  ['today', 'UTC', '2026-07-16T00:00:00Z'],
  ['tomorrow', 'Europe/Berlin', '2026-07-16T22:00:00Z'],
  ['2026-12-01', 'Europe/Berlin', '2026-12-01T23:00:00Z'],
  ['2026-12-01T15:00', 'Europe/Berlin', '2026-12-01T14:00:00Z'],
  ['2026-12-01T15:00Z', 'Europe/Berlin', '2026-12-01T15:00:00Z'],
  ['tomorrow 9:30', 'Europe/Berlin', '2026-07-16T07:30:00Z'],
  ['Friday 15:00', 'UTC', '2026-07-17T15:00:00Z'],
  ['today 18:00', 'UTC', '2026-07-15T18:00:00Z'],
  // This Wednesday at ten is over.
  ['wednesday 10:00', 'UTC', '2026-07-22T10:00:00Z'],
  ['wednesday 15:00', 'UTC', '2026-07-15T15:00:00Z'],
  ['2026-12-01 15:00', 'Europe/Berlin', '2026-12-01T14:00:00Z'],
  ['2020-01-01', 'UTC', '2020-01-02T00:00:00Z'],
])('%s in %s ends at %s', (text, zone, at) => {
  expect(endFromText(text, NOW, zone)).toEqual({ atMs: Date.parse(at) });
});

test.each([
  '',
  'x',
  'fr',
  '2026-13-01',
  '2026-02-30',
  '2026-12-01T25:00',
  'friday 25:00',
  'someday 10:00',
  '0d',
  '-1d',
  '1e9d',
  'NaN',
])('“%s” names no end, and it is said how to write one', (text) => {
  expect(endFromText(text, NOW, 'UTC')).toEqual({
    complaint: expect.stringContaining('write it like 2d, friday'),
  });
});
