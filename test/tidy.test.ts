// What the house looks like, proved by its own files.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const SOURCES = ['src', 'worker'].flatMap((folder) => filesIn(folder));

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  /** Files of ours that it imports, from the root. */
  readonly imports: readonly string[];
}

function filesIn(folder: string): Source[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('/generated/'))
    .map((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
        path.join(path.dirname(file), match[1] ?? ''),
      );
      return { file, text, lines: text.split('\n').length, imports };
    });
}

const inside = (folder: string) => (source: Source) => source.file.startsWith(`${folder}/`);
const importsOf = (folder: string): string[] =>
  SOURCES.filter(inside(folder)).flatMap((source) =>
    source.imports.map((target) => `${source.file} → ${target}`),
  );
const outOf = (folder: string, allowed: readonly string[]): string[] =>
  importsOf(folder).filter((line) => {
    const target = line.split(' → ')[1] ?? '';
    return !allowed.some((prefix) => target.startsWith(prefix));
  });

describe('dependencies point inward', () => {
  test('core imports nothing of ours outside of core', () => {
    expect(outOf('src/core', ['src/core/'])).toEqual([]);
  });
  test('core knows no Slack, HTTP server, queue, Postgres or Redis', () => {
    const foreign = SOURCES.filter(inside('src/core')).filter(({ text }) =>
      /from '(@slack|fastify|bullmq|ioredis|pg|@prisma|undici|node:https?|pino|zod)/.test(text),
    );
    expect(foreign.map((source) => source.file)).toEqual([]);
  });
  test('storage keeps what core asks for and knows no door', () => {
    expect(outOf('src/storage', ['src/core/', 'src/storage/'])).toEqual([]);
  });
  test.each(['bot', 'proxy', 'api'])('the door %s imports no other door and no storage', (door) => {
    expect(outOf(`src/${door}`, ['src/core/', 'src/config', `src/${door}/`])).toEqual([]);
  });
  test('the embedded parts are imported by nobody but themselves', () => {
    const users = SOURCES.filter((source) => !inside('src/embedded')(source)).filter((source) =>
      source.imports.some((target) => target.startsWith('src/embedded/')),
    );
    expect(users.map((source) => source.file)).toEqual([]);
  });
  test('the local workspace knows nothing of the product', () => {
    expect(outOf('src/embedded/slack', ['src/embedded/'])).toEqual([]);
  });
});

describe('one place for each thing', () => {
  test('the environment is read where settings are, and nowhere else', () => {
    const readers = SOURCES.filter(({ text }) => /process\.env/.test(text)).map(({ file }) => file);
    expect(readers.filter((file) => !ENVIRONMENT_READERS.includes(file))).toEqual([]);
  });
  test('entries of the ledger are written in one file', () => {
    const writers = SOURCES.filter(({ text }) =>
      /creditEntry\.create|INSERT INTO credit_entries/.test(text),
    );
    expect(writers.map(({ file }) => file)).toEqual(['src/storage/postgres/ledger.ts']);
  });
  test('no folder for what has no name', () => {
    const odd = SOURCES.filter(({ file }) => /\/(utils?|helpers?|common|misc|lib)\//.test(file));
    expect(odd.map(({ file }) => file)).toEqual([]);
  });
  test('no default exports, no barrels', () => {
    const barrels = SOURCES.filter(
      ({ file, text }) => /^export (default|\* from)/m.test(text) || file.endsWith('/index.ts'),
    );
    expect(barrels.map(({ file }) => file)).toEqual([]);
  });
  test('the word token never stands alone', () => {
    const alone = SOURCES.filter(({ text }) => /\b(const|let|var)\s+token\b/.test(text));
    expect(alone.map(({ file }) => file)).toEqual([]);
  });
});

/** The third passes it on to the generator that runs before anything of ours can. */
const ENVIRONMENT_READERS = [
  'src/config.ts',
  'src/embedded/environment.ts',
  'src/embedded/generate-client.mjs',
];

describe('files stay small', () => {
  test('none is longer than 400 lines', () => {
    expect(
      SOURCES.filter(({ lines }) => lines > 400).map(({ file, lines }) => `${file}: ${lines}`),
    ).toEqual([]);
  });
  test('half of them fit one screen', () => {
    const sizes = SOURCES.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(100);
  });
});

describe('the repository speaks of the product alone', () => {
  const TEXTS = ['src', 'worker', 'test', 'bench', 'docs', 'prisma'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs|md|lua|sql|prisma|yaml|css|html|js)$/.test(name))
      .map((name) => path.join(folder, name))
      .filter((file) => !file.includes('/generated/') && file !== 'test/tidy.test.ts'),
  );
  test('no paths of one machine, no unfinished notes', () => {
    const found = TEXTS.filter((file) =>
      /\/(work|home|root)\/\w|TODO|FIXME|XXX/.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });
  test('the lockfile names no registry', () => {
    const lock = readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
