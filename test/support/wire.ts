// What a process says to Redis and to Postgres, recognized on the wire.

import type { Redis } from 'ioredis';
import { createScripts } from '../../src/storage/gate/scripts.ts';
import type { ScriptName } from '../../src/storage/gate/scripts.ts';

/** Where a connection is stopped: before what was recognized is forwarded, or before its answer is. */
export type Hold = 'before' | 'after';

/** Begins to watch one connection; what it gives says whether a chunk is the one. */
export type Watch = () => (chunk: Buffer) => boolean;

/** A call of one of the gate's scripts: by its digest, or by its text where Redis does not know it yet. */
export async function scriptCall(name: ScriptName): Promise<Watch> {
  const marks: string[] = [];
  // Tells the digest and the text of a script without running it.
  const listener = {
    evalsha: async (digest: string) => {
      marks.push(digest);
      throw new Error('NOSCRIPT');
    },
    eval: async (text: string) => {
      marks.push(firstComment(text));
    },
  };
  await createScripts()(listener as unknown as Redis, name, [], []);
  const longest = Math.max(...marks.map((mark) => mark.length));
  return () => {
    let end = '';
    return (chunk) => {
      const text = end + chunk.toString('latin1');
      end = text.slice(-longest);
      return marks.some((mark) => text.includes(mark));
    };
  };
}

function firstComment(text: string): string {
  const line = text.split('\n').find((each) => each.startsWith('-- '));
  if (line === undefined) {
    throw new Error('Recognizing a script: it begins with no comment, give it one');
  }
  return line;
}

/** The COMMIT of a transaction that moves the drained position: what it drained stands in the records then. */
export const commitOfDrain: Watch = () => {
  let moves = false;
  return (chunk) => {
    const text = chunk.toString('latin1');
    moves ||= /(INSERT INTO|UPDATE)[^;]*drain_positions/.test(text);
    const ends = /\b(COMMIT|ROLLBACK)\b/.exec(text)?.[1];
    if (ends === undefined) {
      return false;
    }
    const found = moves && ends === 'COMMIT';
    moves = false;
    return found;
  };
};

/** The COMMIT of a transaction that writes a line of the ledger. */
export const commitOfEntry: Watch = () => {
  let writes = false;
  return (chunk) => {
    const text = chunk.toString('latin1');
    writes ||= /INSERT INTO[^;]*credit_entries/.test(text);
    const isCommit = writes && text.includes('COMMIT');
    writes &&= !/\b(COMMIT|ROLLBACK)\b/.test(text);
    return isCommit;
  };
};

/** The first question about a team, on whatever connection, after a line of the ledger was committed. */
export function questionAfterEntry(): Watch {
  let isCommitted = false;
  return () => {
    const sees = commitOfEntry();
    return (chunk) => {
      if (isCommitted && /SELECT[^;]*"teams"/.test(chunk.toString('latin1'))) {
        return true;
      }
      isCommitted ||= sees(chunk);
      return false;
    };
  };
}
