import { readSpends } from '../gate/spend-text.ts';
import type { SpendToWrite } from '../gate/spend-text.ts';
import { readEvent } from '../gate/usage-text.ts';
import type { UsageRecord } from '../gate/usage-text.ts';

export interface StreamEntry {
  readonly position: string;
  readonly packed: string;
  /** What it spent from budgets (see settle.lua); undefined where it spent from none. */
  readonly spent: string | undefined;
}

export interface DrainedEvent extends UsageRecord {
  readonly spends: readonly SpendToWrite[];
  readonly entry: StreamEntry;
}

/** What was read of a stream: what can be written, and what cannot, each by its name. */
export interface Batch {
  events: DrainedEvent[];
  readonly setAside: { readonly entry: StreamEntry; readonly complaint: string }[];
  /** Organizations of calls that were handed in more than once: the gate may have charged them as often. */
  readonly repeated: Set<string>;
}

/** Reads entries; each that is no event is set aside. An id that comes twice counts once. */
export function batchOf(entries: readonly StreamEntry[]): Batch {
  const events = new Map<string, DrainedEvent>();
  const setAside: Batch['setAside'] = [];
  const repeated = new Set<string>();
  for (const entry of entries) {
    try {
      const event = readEvent(entry.packed);
      if (events.has(event.id)) {
        repeated.add(event.organization);
      } else {
        events.set(event.id, { ...event, spends: readSpends(entry.spent), entry });
      }
    } catch (error) {
      setAside.push({ entry, complaint: (error as Error).message });
    }
  }
  return { events: [...events.values()], setAside, repeated };
}
