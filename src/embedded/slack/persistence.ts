import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../thrown.ts';
import { SAVE_DELAY_MS } from './limits.ts';
import type { Channel, Message, View } from './model.ts';

/** What is kept between two runs. Modals, triggers and messages for one person's eyes are not. */
export type Kept = {
  version: 1;
  botToken: string;
  appToken: string;
  signingSecret: string;
  lastStampMicros: number;
  channels: Channel[];
  messages: Message[];
  homes: View[];
};

// The file holds the app's tokens.
const OWNER_ONLY = 0o600;

/** Reads the data file; null if there is none. Throws if it can't be read or isn't ours. */
export async function readKept(path: string): Promise<Kept | null> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Partial<Kept> | null;
    if (kept?.version !== 1) {
      throw new Error('it is not a workspace file of version 1');
    }
    return kept as Kept;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') {
      return null;
    }
    throw new Error(
      `Cannot read the workspace's data file ${path}: ${messageOf(thrown)}; move it away to begin anew`,
      { cause: thrown },
    );
  }
}

export type Saver = { save(): void; flush(): Promise<void> };

/**
 * Writes soon after a change, once for a burst, and atomically: the file is always a whole one.
 * A failed write is told to `onFault` and tried again at the next change or flush.
 */
export function createSaver(
  path: string,
  snapshot: () => Kept,
  onFault: (message: string) => void,
): Saver {
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    dirty = false;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(snapshot()), { mode: OWNER_ONLY });
      await rename(`${path}.new`, path);
    } catch (thrown) {
      dirty = true;
      onFault(`Cannot write the workspace's data file ${path}: ${messageOf(thrown)}`);
    }
  }

  function enqueue(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  return {
    save() {
      dirty = true;
      timer ??= setTimeout(() => {
        timer = undefined;
        void enqueue();
      }, SAVE_DELAY_MS);
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      await (dirty ? enqueue() : writing);
    },
  };
}
