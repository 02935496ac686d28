/**
 * Writes the database client anew when the schema or Prisma's version is not the one it was written for.
 * @returns whether it had to
 */
export function generateClient(): boolean;
