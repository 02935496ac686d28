import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

test('the reference page runs on files of this server alone', async () => {
  const page = await door.askBare('GET', '/docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  const files = [...page.text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file]) => file);
  expect(files).toHaveLength(3);
  for (const file of files) {
    const first = await door.askBare('GET', `/${file}`);
    expect([file, first.status, first.text.length > 0]).toEqual([file, 200, true]);
    const again = await door.askBare('GET', `/${file}`, {
      'if-none-match': first.headers.get('etag') ?? '',
    });
    expect([file, again.status]).toEqual([file, 304]);
  }
});

test('it is found where the documents of SaaS LiteLLM say, too', async () => {
  const told = await door.askBare('GET', '/redoc');
  expect([told.status, told.headers.get('location')]).toEqual([302, 'docs']);
});

test('a key that is typed into it is kept nowhere', async () => {
  const { text } = await door.askBare('GET', '/docs/start.js');
  expect(text).toContain('persistAuthorization: false');
  expect(text).not.toMatch(/localStorage|sessionStorage|cookie/);
});

test('only what signs in, and that it is up, is open; everything else asks for a key', async () => {
  const { json } = await door.askBare('GET', '/openapi.json');
  const open = Object.entries<Record<string, { security?: readonly unknown[] }>>(
    json.paths,
  ).flatMap(([path, operations]) =>
    Object.values(operations)
      .filter(({ security }) => security?.length === 0)
      .map(() => path),
  );
  expect(open).toEqual(['/api/admin-users/setup/status', '/api/admin-users/login', '/health']);
});
