// Where another system is that is brought over: its database, or its API. Both hold secrets, and so are no arguments.

import type { Environment } from './references.ts';

export type ImportSource =
  | { readonly databaseUrl: string }
  | { readonly url: string; readonly adminKey: string };

/** Answers what is missing where nothing says where it is. */
export function readImportSource(env: Environment): ImportSource | { readonly problem: string } {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  const databaseUrl = given('QUARTERMASTER_IMPORT_DATABASE_URL');
  if (databaseUrl !== undefined) {
    return { databaseUrl };
  }
  const url = given('QUARTERMASTER_IMPORT_URL');
  const adminKey = given('QUARTERMASTER_IMPORT_KEY');
  if (url === undefined || adminKey === undefined || !URL.canParse(url)) {
    return {
      problem:
        'Importing: set QUARTERMASTER_IMPORT_DATABASE_URL to the database of the other system (postgres://…), or QUARTERMASTER_IMPORT_URL to its API (https://…) and QUARTERMASTER_IMPORT_KEY to its admin key',
    };
  }
  return { url: url.replace(/\/+$/, ''), adminKey };
}
