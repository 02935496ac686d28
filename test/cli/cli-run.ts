// Runs the command line as a shell does: words, environment, standard input; what it printed, and how it ended.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const BIN = path.join(ROOT, 'bin/quartermaster.mjs');
export const MAIN = path.join(ROOT, 'src/cli/main.ts');
/** Where no server was ever started, and no profile kept. */
export const NOWHERE = path.resolve(import.meta.dirname, 'nowhere');

export interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

export async function runWith(
  env: Readonly<Record<string, string>>,
  words: readonly string[],
  { main = MAIN, input = '' }: { readonly main?: string; readonly input?: string } = {},
): Promise<Done> {
  const child = spawn(process.execPath, [main, ...words], {
    env: {
      PATH: process.env['PATH'],
      QUARTERMASTER_HOME: NOWHERE,
      XDG_CONFIG_HOME: NOWHERE,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [out, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    }),
  ]);
  return { code, out, complaint };
}
