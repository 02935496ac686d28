/** SQL states of what was asked to be written, not of the database: data exceptions and integrity violations. */
const ABOUT_DATA = /^2[23]/;

/** Whether the database refused a value, so that the same would be refused again; its own words, else undefined. */
export function complaintAboutData(error: unknown): string | undefined {
  const cause = causeOf(error);
  return cause?.originalCode !== undefined && ABOUT_DATA.test(cause.originalCode)
    ? (cause.originalMessage ?? 'the database refused it')
    : undefined;
}

export function isAboutData(error: unknown): boolean {
  return complaintAboutData(error) !== undefined;
}

/** What kind of complaint it is, as the database names it; undefined where it is none of its own. */
export function sqlStateOf(error: unknown): string | undefined {
  return causeOf(error)?.originalCode;
}

interface DriverCause {
  readonly originalCode?: string;
  readonly originalMessage?: string;
}

/** Prisma wraps what the database said. */
function causeOf(error: unknown): DriverCause | undefined {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: DriverCause } } };
  return meta?.driverAdapterError?.cause;
}
