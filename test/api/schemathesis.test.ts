// Schemathesis, which makes requests up out of the OpenAPI document, against a door of its own: another pair of eyes beside
// property.test.ts, and in another language. Where it is not installed (pip install schemathesis), it is skipped;
// SCHEMATHESIS says where it is. `npm run schemathesis` runs all of it.

import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_KEY, openDoor } from './door.ts';
import type { Door } from './door.ts';
import { openTenants } from './tenants.ts';

const TOOL = process.env['SCHEMATHESIS'] ?? 'schemathesis';
const isThere = spawnSync(TOOL, ['--version']).status === 0;
/** Of each operation; the whole run asks ten, and each edge of each schema beside. */
const EXAMPLES = '2';
/** Several times what it takes. */
const TIMEOUT_MS = 300_000;

let door: Door;
let folder: string;
beforeAll(async () => {
  [door, folder] = await Promise.all([
    openDoor(),
    mkdtemp(path.join(tmpdir(), 'quartermaster-schemathesis-')),
  ]);
  await openTenants(door);
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

test.skipIf(!isThere)(
  'finds no server error, no status that is not documented and no answer of another shape',
  async () => {
    const words = ['run', `${door.url}/openapi.json`, '--max-examples', EXAMPLES, '--seed', '1'];
    const checks = ['not_a_server_error', 'status_code_conformance', 'response_schema_conformance'];
    const phases = ['--phases', 'examples,fuzzing', '--continue-on-failure'];
    const child = spawn(
      TOOL,
      [
        ...words,
        ...phases,
        '--checks',
        checks.join(','),
        '--header',
        `Authorization: Bearer ${ADMIN_KEY}`,
      ],
      // What it remembers of failures is not to lie in the repository.
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const out = await text(child.stdout);
    expect([await ended, out]).toEqual([0, out]);
  },
  TIMEOUT_MS,
);
