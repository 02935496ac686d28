import type { Standing } from '../../core/status.ts';

/** When it lifts by itself; absent where it does not. */
export function spokenUntil({ statusUntil }: Standing): { status_until?: string } {
  return statusUntil === null ? {} : { status_until: statusUntil.toISOString() };
}
