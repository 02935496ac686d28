import { expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { compatibilityPage, permissionsPage, referencePage } from './api-pages.ts';

test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
  'docs/api-%s.md lists every route of its dialect with its fields',
  async (name, dialect) => {
    await expect(referencePage(dialect)).toMatchFileSnapshot(`../../docs/api-${name}.md`);
  },
);

test('docs/permissions.md lists who may what', async () => {
  await expect(permissionsPage()).toMatchFileSnapshot('../../docs/permissions.md');
});

test('docs/compatibility.md compares every route of every dialect', async () => {
  await expect(compatibilityPage(DIALECTS)).toMatchFileSnapshot('../../docs/compatibility.md');
});
