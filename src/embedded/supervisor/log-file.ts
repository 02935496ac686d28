import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  openSync,
} from 'node:fs';
import { open } from 'node:fs/promises';

/** Two of these per child, the present and the one before: some hours of a busy proxy's warnings. */
const LARGEST_LOG_BYTES = 8 * 1024 * 1024;

/** How far a chatty child may overshoot is this long a time's worth of lines. */
const CHECK_EVERY_MS = 5_000;

/** What is read from the end to show a child's last words. */
const TAIL_BYTES = 16 * 1024;

export interface LogFile {
  readonly file: string;
  /** Handed to a child as its output: its lines cost us nothing and outlive us. */
  readonly descriptor: number;
  readonly write: (line: string) => void;
  readonly lastLines: (count: number) => Promise<string[]>;
  readonly close: () => void;
}

/**
 * Opens a log that keeps itself small: at 8 MB the text moves to `<file>.1` and the file begins anew.
 * Writers append, so cutting it under them is safe.
 */
export function openLog(file: string): LogFile {
  const descriptor = openSync(file, 'a', 0o600);
  const timer = setInterval(() => {
    if (fstatSync(descriptor).size > LARGEST_LOG_BYTES) {
      copyFileSync(file, `${file}.1`);
      ftruncateSync(descriptor, 0);
    }
  }, CHECK_EVERY_MS).unref();
  return {
    file,
    descriptor,
    write: (line) => appendFileSync(descriptor, `${line}\n`),
    lastLines: async (count) => readTail(file, count),
    close: () => {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

async function readTail(file: string, count: number): Promise<string[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').split('\n').filter(Boolean).slice(-count);
  } finally {
    await handle.close();
  }
}
