// An account manager never needs another tool: each operation of the management API that changes something has its
// place in Slack, or a reason why it has none.

import { expect, test } from 'vitest';
import { LITELLM_ROUTES } from '../../src/api/litellm/routes.ts';
import { SAAS_ROUTES } from '../../src/api/saas/routes.ts';
import { AT_THE_DESK } from './api-at-the-desk/table.ts';
import { ITEMS } from './every-item/items.ts';

const changing = [...SAAS_ROUTES, ...LITELLM_ROUTES]
  .filter(([method]) => method !== 'GET')
  .map(([method, path, { action }]) => ({ route: `${method} ${path}`, action }));
/** What the desk is for. */
const OF_THE_DESK = /^(organization|team|key|credits|person|approval|models)\./;

test('each operation that changes something has one line, and each line is such an operation', () => {
  expect(Object.keys(AT_THE_DESK).toSorted()).toEqual(
    [...new Set(changing.map(({ route }) => route))].toSorted(),
  );
});

test.each(changing)('$route ($action) has a place at the desk, or a reason', (operation) => {
  const line = AT_THE_DESK[operation.route] ?? [];
  const places = 'why' in line ? [] : line;
  const reason = 'why' in line ? line : { why: '', isOutside: true };
  expect(places.filter((item) => !ITEMS.includes(item))).toEqual([]);
  expect(places.length + reason.why.length).toBeGreaterThan(0);
  expect(OF_THE_DESK.test(operation.action) && reason.isOutside !== true).toBe(false);
});
