/** How a command ended, for scripts; docs/cli.md says the same. */
export const EXIT = {
  done: 0,
  /** The server said no, and why; or the one who was asked did. */
  refused: 1,
  /** What was typed can't be run: nothing was sent. */
  usage: 2,
  /** No answer after all tries, or nothing but "come later". */
  unreachable: 3,
  /** A mistake of the server, or of this program. */
  fault: 4,
} as const;

const COME_LATER = new Set([429, 502, 503, 504]);

export function exitCodeOf(status: number): number {
  if (COME_LATER.has(status)) {
    return EXIT.unreachable;
  }
  if (status >= 500) {
    return EXIT.fault;
  }
  return status >= 400 ? EXIT.refused : EXIT.done;
}
