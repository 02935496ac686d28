#!/usr/bin/env node
// `quartermaster` on the command line. It may be called by an old Node, so it is plain JavaScript and hands over
// to the Node that comes with the packages.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = path.join(repository, 'node_modules', '.bin', 'node');

if (existsSync(node)) {
  const main = path.join(repository, 'src', 'cli', 'main.ts');
  const done = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = done.status ?? 1;
} else {
  process.stderr.write(
    'Running quartermaster: its packages are not installed, run `npm start` or `npm ci` first\n',
  );
  process.exitCode = 1;
}
