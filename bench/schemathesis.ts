// Runs Schemathesis, which makes requests up out of the OpenAPI document, against an installation of its own.
// `npm run schemathesis`, with `-- --tool <path>` where it is not on the PATH; what follows a second `--` goes to it.
// Our own property test (test/api/property.test.ts) asks the same without Python; this one is another pair of eyes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { shareCores } from './cores.ts';
import { startInstallation } from './installation.ts';

/** What an answer is held against. What a body must be to be accepted is more than a schema says. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];

const { values, positionals } = parseArgs({
  options: {
    tool: { type: 'string', default: 'schemathesis' },
    examples: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});

async function main(): Promise<number> {
  if (!(await isThere(values.tool))) {
    console.error(
      `Running ${values.tool}: it is not there. Install it (pip install schemathesis), or say where it is: -- --tool <path>`,
    );
    return 1;
  }
  const cores = await shareCores();
  await using installation = await startInstallation(cores, undefined);
  const url = `http://127.0.0.1:${installation.port}`;
  const headers = { authorization: `Bearer ${installation.adminKey}` };
  for (const [path, body] of CUSTOMER) {
    const made = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!made.ok) {
      throw new Error(`Preparing a customer: ${path} answered ${made.status}`);
    }
  }
  const code = await exitCodeOf(values.tool, [
    'run',
    `${url}/openapi.json`,
    '--header',
    `Authorization: ${headers.authorization}`,
    '--checks',
    CHECKS.join(','),
    '--max-examples',
    values.examples,
    '--seed',
    values.seed,
    '--phases',
    'examples,coverage,fuzzing',
    '--continue-on-failure',
    ...positionals,
  ]);
  return code;
}

/** So that some of what is asked for is there. */
const CUSTOMER: readonly (readonly [path: string, body: object])[] = [
  ['/api/organizations/create', { organization_id: 'acme', name: 'ACME' }],
  [
    '/api/teams/create',
    {
      organization_id: 'acme',
      team_id: 'acme-prod',
      access_groups: ['gpt-models'],
      credits_allocated: 1_000,
    },
  ],
];

async function isThere(tool: string): Promise<boolean> {
  const child = spawn(tool, ['--version'], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function exitCodeOf(tool: string, words: readonly string[]): Promise<number> {
  const child = spawn(tool, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

process.exitCode = await main();
