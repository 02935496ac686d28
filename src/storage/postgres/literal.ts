/** Text as a pattern that means itself: Prisma hands `%` and `_` of a search to LIKE, where they mean anything. */
export function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
