/** What GitHub shows without scaling, and a clone carries without pain. */
export const PICTURE_MAX_BYTES = 100_000;
