import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

interface Row {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

function json(...place: string[]): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(ROOT, ...place), 'utf8')) as Record<string, unknown>;
}

/** What the page says under one heading. */
function rowsUnder(heading: string): Row[] {
  const text = readFileSync(path.join(ROOT, 'docs', 'dependencies.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [
    ...section.matchAll(/^\| `([^`]+)` *\| *([^ |]+) *\| *([^|]+?) *\| *([^|]+?) *\| *\S/gm),
  ].map(([, name = '', version = '', licence = '']) => ({ name, version, licence }));
}

test.each([
  ['At run time', 'dependencies'],
  ['For development', 'devDependencies'],
])('docs/dependencies.md lists under "%s" what package.json pins and no more', (heading, field) => {
  const pinned = Object.entries(json('package.json')[field] as Record<string, string>);
  const rows = rowsUnder(heading);
  expect(rows.map(({ name, version }) => [name, version])).toEqual(pinned);
  const licences = rows.map(({ name }) => json('node_modules', name, 'package.json')['license']);
  expect(rows.map(({ licence }) => licence)).toEqual(licences);
});
