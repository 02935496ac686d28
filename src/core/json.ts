/** What about a JSON value cannot be kept: text that the database has no room for, or too many levels. */
export function complaintAboutJson(
  value: unknown,
  levelsMax: number,
  levelsLeft = levelsMax,
): string | undefined {
  if (typeof value === 'string') {
    return value.includes('\0') || !value.isWellFormed()
      ? 'it holds characters that cannot be stored'
      : undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (levelsLeft === 0) {
    return `it is nested more than ${levelsMax} levels deep`;
  }
  for (const [name, inner] of Object.entries(value)) {
    const complaint =
      complaintAboutJson(name, levelsMax) ?? complaintAboutJson(inner, levelsMax, levelsLeft - 1);
    if (complaint !== undefined) {
      return complaint;
    }
  }
  return undefined;
}
