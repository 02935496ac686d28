import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'bin/quartermaster.mjs');
const MAIN = path.join(ROOT, 'src/cli/main.ts');
/** Where no server was ever started. */
const NOWHERE = path.resolve(import.meta.dirname, 'nowhere');

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await run(
    'organizations',
    'create',
    '--organization-id',
    'acme',
    '--name',
    'Acme',
    '--create-default-team=false',
  );
  const team = ['--team-id', 'acme-prod', '--organization-id', 'acme'];
  const terms = ['--access-groups', 'gpt-models', '--credits-allocated', '100'];
  await run('teams', 'create', ...team, ...terms);
});
afterAll(async () => door.close());

interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

async function runWith(
  env: Record<string, string>,
  words: readonly string[],
  main = MAIN,
): Promise<Done> {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env['PATH'], QUARTERMASTER_HOME: NOWHERE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    }),
  ]);
  return { code, out, complaint };
}

const run = async (...words: string[]): Promise<Done> =>
  runWith({ QUARTERMASTER_URL: door.url, QUARTERMASTER_ADMIN_KEY: ADMIN_KEY }, words);

test('what the API lists stands in columns, and whole as JSON', async () => {
  const { out, code } = await run('teams', 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/team id .*\n.*acme-prod/);
  const { out: json } = await run('teams', 'list', '--json');
  expect(JSON.parse(json)).toMatchObject([{ team_id: 'acme-prod' }]);
});

test('a change is done once and what came of it is told', async () => {
  const wish = ['--team-id', 'acme-prod', '--amount', '25', '--description', 'Invoice 17'];
  const { out, code } = await run('credits', 'add', ...wish);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('125') });
  const { out: json } = await run('credits', 'balance', '--team-id', 'acme-prod', '--json');
  expect(JSON.parse(json)).toMatchObject({ credits_remaining: 125 });
});

test('what takes away is asked about, and where nobody can be asked it needs --yes', async () => {
  const refused = await run('teams', 'suspend', 'acme-prod');
  expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining('--yes') });
  const done = await run('teams', 'suspend', 'acme-prod', '--yes', '--reason', 'unpaid');
  expect(done.code).toBe(0);
  const { out } = await run('teams', 'show', 'acme-prod');
  expect(out).toMatch(/status +suspended/);
  expect((await run('teams', 'resume', 'acme-prod')).code).toBe(0);
});

describe('what goes wrong is said with its cure, and by the exit code', () => {
  test('a refusal of the API', async () => {
    const { code, complaint } = await run('teams', 'show', 'acme-prd');
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('acme-prd'),
    });
  });
  test('a command that does not exist, with the one that was meant', async () => {
    const { code, complaint } = await run('teams', 'suspnd', 'acme-prod');
    expect(code).toBe(1);
    expect(complaint).toContain('suspend');
  });
  test('a field that must be there', async () => {
    const { code, complaint } = await run('credits', 'add', '--amount', '5');
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('--team-id'),
    });
  });
  test('no server', async () => {
    const none = await runWith({}, ['teams', 'list']);
    expect(none).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('QUARTERMASTER_URL'),
    });
    const server = { QUARTERMASTER_URL: 'http://127.0.0.1:9', QUARTERMASTER_ADMIN_KEY: ADMIN_KEY };
    const away = await runWith(server, ['teams', 'list']);
    expect(away).toMatchObject({ code: 1, complaint: expect.stringContaining('Is Quartermaster') });
  });
  test('a wrong key', async () => {
    const server = { QUARTERMASTER_URL: door.url, QUARTERMASTER_ADMIN_KEY: 'sk-wrong' };
    const { code, complaint } = await runWith(server, ['teams', 'list']);
    expect(code).toBe(1);
    expect(complaint).not.toContain('sk-wrong');
  });
});

test('a shell is told what may come next: words, then fields', async () => {
  expect((await run('complete', '--', 'te')).out.trim()).toBe('teams');
  expect((await run('complete', '--', 'teams', 'sus')).out.trim()).toBe('suspend');
  expect((await run('complete', '--', 'teams', 'create', '--team')).out).toContain('--team-id');
  const { out } = await runWith({}, ['completion', 'bash'], BIN);
  expect(out).toContain('complete -o default -F _quartermaster');
});
