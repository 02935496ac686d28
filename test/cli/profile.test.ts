import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadServerAddress, openProfileStore } from '../../src/config.ts';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { NOWHERE, runWith } from './cli-run.ts';
import type { Done } from './cli-run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'quartermaster-profiles-'));
const file = path.join(folder, 'quartermaster', 'profiles.json');
const ENV = { XDG_CONFIG_HOME: folder, QUARTERMASTER_HOME: NOWHERE };
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await door.close();
});

const run = async (words: readonly string[], input = ''): Promise<Done> =>
  runWith(ENV, words, { input });

test('a server is known by its name, its key comes on standard input and is kept for its owner alone', async () => {
  const added = await run(['profile', 'add', 'main', '--url', door.url], `${ADMIN_KEY}\n`);
  expect(added).toEqual({ code: 0, out: 'main is kept, and in use\n', complaint: '' });
  const other = ['profile', 'add', 'gone', '--url', 'http://127.0.0.1:9'];
  expect((await run(other, 'sk-other-key-of-a-server')).out).toBe('gone is kept\n');
  const modes = [file, path.dirname(file)].map((place) => statSync(place).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700]);
  const { out } = await run(['profile', 'list']);
  expect(out).toMatch(/^main +\* +http.*…cdef$/m);
  expect(out).not.toContain(ADMIN_KEY);
  expect(await run(['organizations', 'list'])).toMatchObject({ code: 0, complaint: '' });
});

test('the one that is named goes before the environment, that before the one in use', () => {
  const environment = { QUARTERMASTER_URL: 'https://env', QUARTERMASTER_ADMIN_KEY: 'sk-env' };
  const main = { url: door.url, adminKey: ADMIN_KEY };
  const gone = { url: 'http://127.0.0.1:9', adminKey: 'sk-other-key-of-a-server' };
  expect(loadServerAddress({}, ENV)).toEqual(main);
  expect(loadServerAddress({}, { ...ENV, QUARTERMASTER_PROFILE: 'gone' })).toEqual(gone);
  expect(loadServerAddress({}, { ...ENV, ...environment })).toEqual({
    url: 'https://env',
    adminKey: 'sk-env',
  });
  expect(loadServerAddress({ profile: 'gone' }, { ...ENV, ...environment })).toEqual(gone);
});

test('the key of one server is never sent to another', () => {
  const elsewhere = loadServerAddress({ url: 'https://elsewhere' }, ENV);
  expect(elsewhere).toEqual({ problem: expect.stringContaining('QUARTERMASTER_ADMIN_KEY') });
  const both = loadServerAddress({ url: 'https://elsewhere', profile: 'main' }, ENV);
  expect(both).toEqual({ problem: expect.stringContaining('not both') });
  const unknown = loadServerAddress({ profile: 'prod' }, ENV);
  expect(unknown).toEqual({ problem: expect.stringContaining('(main, gone)') });
});

test.each([
  [['add', 'a b', '--url', 'https://here'], 'is no name'],
  [['add', 'x', '--url', 'ftp://here'], 'is no URL'],
  [['add', 'x', '--url', 'https://here'], 'no key came'],
  [['use', 'prod'], 'main, gone'],
])('profile %s is not understood, and nothing is written', async (words, part) => {
  const before = openProfileStore(ENV).read();
  const { code, complaint } = await run(['profile', ...words]);
  expect([code, complaint]).toEqual([2, expect.stringContaining(part)]);
  expect(openProfileStore(ENV).read()).toEqual(before);
});

test('a file that others may open is not read, and the cure is told', async () => {
  chmodSync(file, 0o640);
  const { code, complaint } = await run(['profile', 'remove', 'main']);
  expect([code, complaint]).toEqual([2, expect.stringContaining(`chmod 600 ${file}`)]);
  expect(loadServerAddress({}, ENV)).toEqual({ problem: expect.stringContaining('mode 640') });
  chmodSync(file, 0o600);
});

test('a profile is forgotten, with its key; a file that is none is told', async () => {
  expect((await run(['profile', 'remove', 'main'])).out).toBe(
    'main is forgotten; none is in use now, `quartermaster profile use gone` takes up another\n',
  );
  const left = { byName: new Map([['gone', expect.anything()]]) };
  expect(openProfileStore(ENV).read()).toEqual(left);
  writeFileSync(file, '{"profiles": {"main": {"url": "here"}}}');
  expect(openProfileStore(ENV).read()).toEqual({
    problem: expect.stringContaining('profiles.main.url'),
  });
});
