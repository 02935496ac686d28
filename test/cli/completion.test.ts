// Completion in the shells themselves, where they are installed.

import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { MAIN, NOWHERE, runWith } from './cli-run.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'quartermaster-shells-'));
let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const program = path.join(folder, 'quartermaster');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(program, 0o755);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await door.close();
});

const environment = () => ({
  PATH: `${folder}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
  QUARTERMASTER_HOME: NOWHERE,
  // Fish makes a folder of its own there.
  XDG_CONFIG_HOME: folder,
  QUARTERMASTER_URL: door.url,
  QUARTERMASTER_ADMIN_KEY: ADMIN_KEY,
});

/** How each shell is asked what it would offer for a line, without a terminal. */
const SHELLS: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  bash: (words) => [
    '--norc',
    '-c',
    `eval "$(quartermaster completion bash)"
     complete -p quartermaster >&2
     COMP_WORDS=(quartermaster ${words.map((word) => `'${word}'`).join(' ')})
     COMP_CWORD=${words.length}
     _quartermaster
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (words) => [
    '-f',
    '-c',
    `compdef() { :; }
     compadd() { shift; print -l -- "\${(@P)1}"; }
     eval "$(quartermaster completion zsh)"
     words=(quartermaster ${words.map((word) => `'${word}'`).join(' ')})
     CURRENT=${words.length + 1}
     _quartermaster`,
  ],
  fish: (words) => [
    '--no-config',
    '-c',
    `quartermaster completion fish | source; complete -C 'quartermaster ${words.join(' ')}'`,
  ],
};

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe.each(Object.keys(SHELLS))('%s', (shell) => {
  test.skipIf(!has(shell))('offers words, fields and what they may hold', async () => {
    const offered = async (...words: string[]): Promise<string[]> => {
      const flags = SHELLS[shell]?.(words) ?? [];
      const { stdout } = await execute(shell, flags, { env: environment() });
      return stdout.trim().split('\n');
    };
    expect(await offered('teams', 'sus')).toEqual(['suspend']);
    expect(await offered('teams', 'create', '--team-i')).toEqual(['--team-id']);
    expect(await offered('exports', 'teams', '--format', 'j')).toEqual(['jsonl']);
    expect((await offered('completion', '')).toSorted()).toEqual(['bash', 'fish', 'zsh']);
  });
});

test('what needs no server is offered where there is none', async () => {
  expect((await runWith({}, ['complete', '--', 'pro'])).out).toBe('profile\n');
  expect((await runWith({}, ['complete', '--', 'profile', ''])).out).toBe(
    'add\nlist\nuse\nremove\n',
  );
});
