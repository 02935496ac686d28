// After each reconnection a proxy hands in what Redis may not have. If Redis is another run than before,
// or was emptied, that is everything not yet in the records, and the reservations of calls under way too;
// until that is done nothing new passes this proxy.

import { GateUnavailable } from '../../core/faults.ts';
import type { GateConnection } from './connection.ts';
import type { OpenReservations } from './open-reservations.ts';
import type { Settling } from './settling.ts';

/** Again soon, but not at once: the records may be on their way up too. */
const AGAIN_MS = 500;
const BEHIND = 'Asking the gate: it just came back and is being brought up to date';

export interface HandingIn {
  /** Throws GateUnavailable while the gate may lack what this process knows. */
  refuseWhileBehind(): void;
  isBehind(): boolean;
  /** The gate was seen to have lost its memory. */
  forgotten(): void;
  /** A settlement could not be sent: see to it soon. */
  soon(): void;
  stop(): void;
}

async function bringUpToDate(
  settling: Settling,
  reservations: OpenReservations,
  everything: boolean,
): Promise<void> {
  await settling.handInAgain(everything);
  if (everything) {
    await reservations.reopenAll();
  }
}

export function createHandingIn(
  connection: GateConnection,
  parts: () => { settling: Settling; reservations: OpenReservations },
  onComplaint: (complaint: string) => void,
): HandingIn {
  let isBehind = false;
  let everything = false;
  let running = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** Answers whether it may be done again at once: something more was seen to be forgotten meanwhile. */
  async function handIn(): Promise<boolean> {
    const { settling, reservations } = parts();
    const all = everything;
    everything = false;
    try {
      await bringUpToDate(settling, reservations, all);
      isBehind = everything;
      again ||= settling.isOwing();
      return everything;
    } catch (error) {
      everything ||= all;
      again = true;
      onComplaint(`Handing in again what was settled: ${(error as Error).message}`);
      return false;
    }
  }

  /** One at a time; what is asked for meanwhile makes it run once more. */
  function start(): void {
    clearTimeout(timer);
    again = running;
    if (running) {
      return;
    }
    running = true;
    void handIn().then((atOnce) => {
      running = false;
      if (atOnce) {
        start();
      } else if (again && connection.run() !== undefined) {
        later();
      }
      return undefined;
    });
  }

  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(start, AGAIN_MS * (1 + Math.random()));
    timer.unref();
  }

  connection.onReady((changed) => {
    isBehind ||= changed;
    everything ||= changed;
    start();
  });

  return {
    isBehind: () => isBehind,
    refuseWhileBehind() {
      if (isBehind) {
        throw new GateUnavailable(BEHIND);
      }
    },
    forgotten() {
      isBehind = true;
      everything = true;
      start();
    },
    soon: later,
    stop: () => clearTimeout(timer),
  };
}
