// What people asked for and is being worked on, known beyond the process at work: where that one is killed, another
// tells the person.

import { changeOnce, isRepeated } from '../change.ts';
import type { Stores } from '../stores.ts';

export interface AskedRequest {
  readonly id: string;
  /** The person in Slack. */
  readonly userId: string;
  readonly channelId: string | undefined;
  /** The command as it was typed; empty where none was. */
  readonly text: string;
  /** Names the one effect that it may have. */
  readonly onceId: string;
  /** In ms since 1970. */
  readonly askedAtMs: number;
}

/** Requests under way, each at one process. Throws GateUnavailable. */
export interface AskedRequests {
  begin(holder: string, request: AskedRequest): Promise<void>;
  end(ids: readonly string[]): Promise<void>;
  /** Says that a process is alive, for so long. */
  beat(holder: string, lifeMs: number): Promise<void>;
  /** Those whose process is no longer alive. */
  deserted(): Promise<readonly AskedRequest[]>;
}

/** Has a person told that nobody works on their request any more: once, whoever finds it and however often. */
export async function tellBrokenOff(
  { records }: Pick<Stores, 'records'>,
  requests: AskedRequests,
  { id, userId, ...facts }: AskedRequest,
): Promise<boolean> {
  const told = await changeOnce(records, `broken-off:${id}`, async (inside) =>
    inside.posts.add({ place: userId, kind: 'request.broken_off', facts }),
  );
  await requests.end([id]);
  return !isRepeated(told);
}

/** Whether a request had its effect: everything that people change in Slack claims its name with the change. */
export async function isDone(
  { records }: Pick<Stores, 'records'>,
  { onceId }: Pick<AskedRequest, 'onceId'>,
): Promise<boolean> {
  return records.receipts.isClaimed(`slack:${onceId}`);
}
