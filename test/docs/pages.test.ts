import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { ROUTES } from '../../src/proxy/server.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })];

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The text without its fenced blocks, in which brackets are code. */
function prose(file: string): string {
  return read(file).replaceAll(/^```.*?^```/gms, '');
}

/** The anchor that a heading is given. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function leadsNowhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) {
    return true;
  }
  const headings = anchor === undefined ? [] : [...prose(target).matchAll(/^#+ (.+)$/gm)];
  return anchor !== undefined && !headings.some(([, text = '']) => anchorOf(text) === anchor);
}

test.each(PAGES)('every relative link of %s leads somewhere', (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const relative = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(relative.filter((link) => leadsNowhere(page, link))).toEqual([]);
});

test.each(PAGES)('every npm command in %s is a script of package.json', (page) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(page).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)];
  const unknown = named
    .map(([, run, short]) => run ?? short ?? '')
    .filter((name) => !scripts[name]);
  expect(unknown).toEqual([]);
});

test('every test and source file that a page names is there', () => {
  const named = PAGES.flatMap((page) =>
    [...prose(page).matchAll(/`((?:src|worker|test|prisma|bench)\/[\w./-]+)`/g)].map(
      ([, file = '']) => `${page}: ${file}`,
    ),
  );
  const missing = named.filter((each) => !existsSync(path.join(ROOT, each.split(': ')[1] ?? '')));
  expect(missing).toEqual([]);
});

test('every test that docs/ARCHITECTURE.md names as a proof stands in the file it names', () => {
  const proofs = [...read('docs/ARCHITECTURE.md').matchAll(/`(test\/[\w./-]+)`: "([^"]+)"/g)];
  expect(proofs.length).toBeGreaterThan(0);
  const missing = proofs.filter(([, file = '', name = '']) => !read(file).includes(name));
  expect(missing.map(([proof]) => proof)).toEqual([]);
});

test('the README lists every route of models and jobs, and none of management that is not there', () => {
  const listed = [
    ...read('README.md').matchAll(/^\| `(GET|POST|PUT|PATCH)(?:, PUT)?` +\| `([^`]+)`/gm),
  ].map(([, , route = '']) => route);
  const served = [
    ...Object.keys(ROUTES).filter((route) => route.startsWith('/v1/')),
    ...JOB_ROUTES.map((route) => route.path),
  ];
  const managing = new Set(DIALECTS.flatMap(({ routes }) => routes.map(([, route]) => route)));
  const others = listed.filter((route) => !managing.has(route));
  expect([...new Set(others)].sort()).toEqual([...new Set(served)].sort());
});

test('the README explains every variable that is read, and no other', () => {
  const readers = ['src/config/environment.ts', 'src/embedded/environment.ts'].map(read).join('\n');
  const names = new Set([...readers.matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map(([, name = '']) => name));
  names.add('QUARTERMASTER_CONFIG');
  const explained = [...read('README.md').matchAll(/^\| `([A-Z]+_[A-Z_]+)` /gm)];
  expect(explained.map(([, name = '']) => name).sort()).toEqual([...names].sort());
});
