import type { ProcessEnd } from './processes.ts';

/** A Postgres or Redis that we started. */
export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends it with its data safe, by force after `timeoutMs` (5 s unless told). */
  readonly stop: (timeoutMs?: number) => Promise<void>;
  /** Ends it at once; the next start recovers what it had acknowledged. */
  readonly force: () => void;
}
