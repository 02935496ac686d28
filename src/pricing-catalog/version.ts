import { readFileSync } from 'node:fs';

/** The version of the price package that this process runs with. */
export function catalogVersion(): string {
  // The package names no version in its code, and exports nothing but its code.
  const url = new URL('../package.json', import.meta.resolve('@pydantic/genai-prices'));
  const { version } = JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string };
  return version;
}
