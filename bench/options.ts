import { parseArgs } from 'node:util';

export interface Options {
  /** How long each window of throughput lasts; a window of latency is a little shorter. */
  readonly seconds: number;
  /** How often each way is measured; the median counts. */
  readonly rounds: number;
  /** Whether the last line of the output is one JSON object. */
  readonly json: boolean;
  /** Where CPU profiles of Quartermaster and of the bare pass-through are written, if anywhere. */
  readonly profileFolder: string | undefined;
}

const DEFAULT_SECONDS = 2;
const DEFAULT_ROUNDS = 3;
/** Says that everything works; too short for figures to lean on. */
const QUICK = { seconds: 0.4, rounds: 1 };
const SECONDS_MAX = 60;
const ROUNDS_MAX = 50;

/** Reads the command line. Throws with what is wrong with it. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const usual = values.quick ? QUICK : { seconds: DEFAULT_SECONDS, rounds: DEFAULT_ROUNDS };
  const seconds = Number(values.seconds ?? usual.seconds);
  const rounds = Number(values.rounds ?? usual.rounds);
  if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
    throw new Error(
      `Read --seconds: "${values.seconds}" was given, allowed is a number above 0 and up to ${SECONDS_MAX}`,
    );
  }
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS_MAX)) {
    throw new Error(
      `Read --rounds: "${values.rounds}" was given, allowed is a whole number from 1 to ${ROUNDS_MAX}`,
    );
  }
  return { seconds, rounds, json: values.json, profileFolder: values.profile };
}
