import { distance } from 'fastest-levenshtein';
import { Temporal } from 'temporal-polyfill';

/** What counts where nobody chose a zone; LiteLLM's default too. */
export const DEFAULT_TIME_ZONE = 'UTC';

/** Longer than any IANA name (at most 32 so far); what is longer is not looked at. */
export const TIME_ZONE_MAX_LENGTH = 64;

/** One wrong letter in four is a slip; more is another name. */
const LETTERS_PER_SLIP = 4;
const MOST_SLIPS = 2;

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);

/**
 * What is wrong with the name of a time zone (IANA, in any case of letters), or undefined if
 * nothing is: then everything that computes periods takes it.
 */
export function complaintAboutTimeZone(name: string): string | undefined {
  if (name === '') {
    return 'it is empty';
  }
  if (name.length > TIME_ZONE_MAX_LENGTH) {
    return `it has ${name.length} characters, at most ${TIME_ZONE_MAX_LENGTH} are allowed`;
  }
  // An offset has no daylight saving: for half of the year its days would begin an hour off.
  if (/^[+-]/.test(name)) {
    return `"${name}" is an offset, only names like "Europe/Berlin" are allowed`;
  }
  if (isKnown(name)) {
    return undefined;
  }
  const meant = nearestZone(name);
  return meant === undefined
    ? `"${name}" is not a time zone, write it like "Europe/Berlin" or "UTC"`
    : `"${name}" is not a time zone; perhaps "${meant}" is meant`;
}

/**
 * Asks Temporal, not Intl: Intl also takes old abbreviations, and to it `BST` is Dhaka. Temporal
 * reads a zone out of a whole date as well, hence the comparison.
 */
function isKnown(name: string): boolean {
  try {
    return EPOCH.toZonedDateTimeISO(name).timeZoneId.toLowerCase() === name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

/** The date that a moment bears in a zone, as `2026-11-01`. */
export function dateIn(timeZone: string, atMs: number): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs);
  return at.toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The zone with nearly this name, or of nearly this city (`Berlin`, `new york`). */
function nearestZone(name: string): string | undefined {
  const typed = plain(name);
  const slips = Math.min(MOST_SLIPS, Math.floor(typed.length / LETTERS_PER_SLIP));
  let nearest: { zone: string; away: number } | undefined;
  for (const zone of [DEFAULT_TIME_ZONE, ...Intl.supportedValuesOf('timeZone')]) {
    const whole = plain(zone);
    const city = whole.slice(whole.lastIndexOf('/') + 1);
    const away = Math.min(distance(typed, whole), distance(typed, city));
    if (away <= slips && away < (nearest?.away ?? Infinity)) {
      nearest = { zone, away };
    }
  }
  return nearest?.zone;
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll(' ', '_');
}
