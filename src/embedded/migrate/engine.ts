/**
 * Prisma's schema engine, the same that its command line runs, as WebAssembly: nothing to download.
 *
 * States: not loaded → loaded once per process. An engine lives for one call of `withEngine` and has
 * its own connections, which end with it.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { Pool } from 'pg';
import { migrationAdapter } from './adapter.ts';
import { schemaFile } from './folder.ts';

/** A database that does not answer at all is found out early. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Every table is ours: nothing is left out of what the engine looks at. */
export const everything = { externalTables: [], externalEnums: [] };

/** The compiler's Node types leave WebAssembly to the browser's. */
interface Wasm {
  instantiate(
    code: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{
    instance: { exports: Record<string, unknown> };
  }>;
}

let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  const require = createRequire(import.meta.url);
  const script = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = await readFile(path.join(path.dirname(script), 'schema_engine_bg.wasm'));
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Wasm };
  const { instance } = await WebAssembly.instantiate(code, {
    './schema_engine_bg.js': importsThatLetGo(),
  });
  bindings.__wbg_set_wasm(instance.exports);
  const begin = instance.exports['__wbindgen_start'];
  if (typeof begin === 'function') {
    begin();
  }
}

/**
 * The engine leaves a 10 s timer behind, which would keep a finished program waiting: each timer that
 * it makes is one that Node need not wait for.
 */
function importsThatLetGo(): Record<string, unknown> {
  const imports: Record<string, unknown> = { ...bindings };
  for (const [name, made] of Object.entries(imports)) {
    if (name.startsWith('__wbg_setTimeout') && typeof made === 'function') {
      imports[name] = (task: () => void, delayMs: number) => setTimeout(task, delayMs).unref();
    }
  }
  return imports;
}

/** Runs `use` with an engine bound to one database, and lets go of everything afterwards. */
export async function withEngine<Result>(
  databaseUrl: string,
  use: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  loading ??= load();
  await loading;
  const schema = await readFile(schemaFile, 'utf8');
  const pool = new Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A lost idle connection would end the process; the query that follows reports it instead.
  pool.on('error', () => undefined);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(migrationAdapter(pool));
    const engine = await bindings.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      adapter,
    );
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}
