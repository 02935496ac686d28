import { expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { ROUTES } from '../../src/proxy/server.ts';
import { compatibilityPage, permissionsPage, referencePage } from './api-pages.ts';
import type { ClientRoutes } from './api-pages.ts';

const CLIENTS: readonly ClientRoutes[] = [
  {
    as: 'LiteLLM',
    otherwise: 'those of the provider, passed on as they come',
    routes: Object.entries(ROUTES).map(([path, { method }]) => ({ method, path })),
  },
  { as: 'SaaS LiteLLM', otherwise: '', routes: JOB_ROUTES },
];

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
  await expect(compatibilityPage(DIALECTS, CLIENTS)).toMatchFileSnapshot(
    '../../docs/compatibility.md',
  );
});
