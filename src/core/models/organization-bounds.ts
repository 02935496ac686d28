import type { AccessGroup } from './access-group.ts';

/** Whether an organization may use a model, by its list of models, access groups and beginnings. */
export function isWithin(
  listed: readonly string[],
  groups: readonly AccessGroup[],
): (alias: string) => boolean {
  const granted = groups.filter(({ name }) => listed.includes(name));
  const names = new Set([...listed, ...granted.flatMap(({ aliases }) => aliases)]);
  const beginnings = listed.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (alias) => names.has(alias) || beginnings.some((beginning) => alias.startsWith(beginning));
}
