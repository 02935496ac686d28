// Writes the types of the API into a folder. They are made of the routes that are served, and so never committed.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DIALECTS } from '../../api/dialects.ts';
import { openApiDocument } from '../../api/openapi/document.ts';
import { JOB_ROUTES } from '../../proxy/jobs/routes.ts';
import { apiTypesOf } from './api-types.ts';
import type { TypedDocument } from './api-types.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error('Writing types of the API: say into which folder');
}
const document: unknown = openApiDocument(DIALECTS, 'http://localhost', JOB_ROUTES);
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'api.ts'), apiTypesOf(document as TypedDocument));
