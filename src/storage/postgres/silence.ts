import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Ends a connection over which something was asked that nobody will answer, as if the other side had ended it: where
 * nothing comes back for so long, and `isAtWork` says no. A machine that died without a word closes nothing, and a process
 * that is frozen does not either: without this, whoever asked would wait until TCP gives up, a quarter of an hour later.
 * A connection over which nothing is asked stays open.
 */
export function endWhenSilent(
  stream: Duplex,
  silenceMs: number,
  isAtWork: () => Promise<boolean>,
): void {
  if (!(stream instanceof Socket)) {
    return;
  }
  let sentAtLastAnswer = stream.bytesWritten;
  const isWaiting = (): boolean => stream.bytesWritten > sentAtLastAnswer && !stream.destroyed;
  // Before anybody else hears of the answer and asks the next thing.
  stream.prependListener('data', () => {
    sentAtLastAnswer = stream.bytesWritten;
  });
  const look = async (): Promise<void> => {
    const asked = sentAtLastAnswer;
    if (!(await isAtWork()) && isWaiting() && asked === sentAtLastAnswer) {
      stream.destroy(new Error(`Connection terminated: no answer within ${silenceMs} ms`));
    }
    stream.setTimeout(silenceMs);
  };
  // Each time: what setTimeout itself takes is heard once, and a connection may rest before it is silent.
  stream.on('timeout', () => (isWaiting() ? void look() : undefined));
  stream.setTimeout(silenceMs);
}
