import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQuartermasterClient } from '../../src/client/client.ts';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { onboard } from './onboard.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await door.client.POST('/api/organizations/create', {
    body: { organization_id: 'acme', name: 'Acme' },
  });
});
afterAll(async () => door.close());

test('the example of the page does what it says', async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/client.md'), 'utf8');
  const example = readFileSync(path.resolve(import.meta.dirname, 'onboard.ts'), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
  const made = await onboard(door.url, ADMIN_KEY, 'acme-prod');
  expect(made).toEqual({ key: expect.stringMatching(/^sk-/), spendable: 500 });
  const again = await onboard(door.url, ADMIN_KEY, 'acme-prod');
  expect(again).toMatchObject({ refused: expect.stringContaining('acme-prod') });
});

test('a caller whose key is unknown is told so as a value, without the key', async () => {
  const stranger = createQuartermasterClient({ url: door.url, key: 'sk-unknown-0123456789' });
  const { data, error, response } = await stranger.GET('/api/teams/{id}', {
    params: { path: { id: 'acme-prod' } },
  });
  expect([data, response.status]).toEqual([undefined, 401]);
  expect(JSON.stringify(error)).not.toContain('0123456789');
});

test('a file is read as it comes', async () => {
  const { data } = await door.client.GET('/api/exports/teams', {
    params: { query: { format: 'csv' } },
    parseAs: 'text',
  });
  expect(data).toMatch(/^team_id,.*\r\n/);
});
