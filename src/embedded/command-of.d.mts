/** The command line of a process, or null when there is no such process (or it is a zombie). */
export function commandOf(pid: number): Promise<string | null>;
/** What a small program prints; nothing when it fails or is not there. */
export function printedBy(program: string, args: readonly string[]): Promise<string>;
