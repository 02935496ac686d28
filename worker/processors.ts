// The worker's table of contents: which code runs which task.

import type { PayloadOf, TaskName } from '../src/queue/tasks.ts';
import { reapReservations } from './processors/reap-reservations.ts';
import { tellAlert } from './processors/tell-alert.ts';
import { turnOverResolved } from './processors/turn-over-resolved.ts';
import { watchAlerts } from './processors/watch-alerts.ts';
import type { WorkerParts } from './parts.ts';

export type Processor<Name extends TaskName> = (
  parts: WorkerParts,
  payload: PayloadOf<Name>,
) => Promise<void>;

export const PROCESSORS: { readonly [Name in TaskName]: Processor<Name> } = {
  'tell-alert': tellAlert,
  'reap-reservations': reapReservations,
  'turn-over-resolved': turnOverResolved,
  'watch-alerts': watchAlerts,
};
