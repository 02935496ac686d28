// Secrets on a command line: every user of the machine may list them, and the shell's history keeps them.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Flags whose value is a secret: `--api-key`, `--password`, `--new-password`. */
const SECRET_FLAG = /^--(?:api-key|secret|(?:\w+-)?password)$/;

/** A key of ours, and of most providers. */
const SECRET = /^sk-[\w-]{8,}$/;

/** What is typed in place of a secret that comes on standard input. */
export const ON_STANDARD_INPUT = '-';

/** What to tell a person who typed a secret; it does not repeat it. */
export function warningAboutSecrets(words: readonly string[]): string | undefined {
  const seen = words.flatMap((word, at) => {
    const [flag = '', glued] = word.split(/=(.*)/s);
    const value = glued ?? words[at + 1];
    if (takesSecret(flag) && value !== undefined && value !== ON_STANDARD_INPUT) {
      return [flag];
    }
    return SECRET.test(word) && !takesSecret(words[at - 1] ?? '') ? ['an argument'] : [];
  });
  const [first] = seen;
  if (first === undefined) {
    return undefined;
  }
  const cure = first.startsWith('--')
    ? `say ${first} ${ON_STANDARD_INPUT} and give it on standard input`
    : 'name a key by its id, which `quartermaster keys list` shows';
  return `Warning: the secret in ${first} can be seen by every user of this machine, and stays in your shell's history: ${cure}`;
}

/** Whether a flag takes a secret, and `-` for one that comes on standard input. */
export function takesSecret(flag: string): boolean {
  return SECRET_FLAG.test(flag);
}

/** A secret that a program hands over, or that a person types unseen. */
export async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    return (await text(process.stdin)).trim();
  }
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return (await reader.question('')).trim();
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
