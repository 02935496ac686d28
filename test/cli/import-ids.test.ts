import { expect, test } from 'vitest';
import { obstacleOfId } from '../../src/cli/import/step.ts';
import { complaintAboutId } from '../../src/core/ids.ts';

test('an import tells before it begins which ids would be refused', () => {
  const ids = ['acme-prod', 'a', 'A.b_c-9', 'x'.repeat(64), 'x'.repeat(65), '', '-a', 'a b', 'a/b'];
  const told = ids.map((id) => obstacleOfId(id) === undefined);
  expect(told).toEqual(ids.map((id) => complaintAboutId(id) === undefined));
  expect(obstacleOfId('weird id')).toContain('its id weird id');
});
