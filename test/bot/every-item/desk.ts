// A desk at which every item of the registries is used, and what the rows of the tables do there.

import { APPROVER, MANAGER, textOf, VIEWER } from '../bot-for-tests.ts';
import type { BotUnderTest } from '../bot-for-tests.ts';
import { people } from '../person.ts';
import { itemOf } from './items.ts';

/** Settings are for owners; at this desk the approver is one. */
export const OWNER = APPROVER;

/** One item, used once by somebody, and what that came to. */
export interface Row {
  /** Its name in ITEMS. */
  readonly item: string;
  /** The guarantee, as the rest of a sentence. */
  readonly does: string;
  readonly use: (desk: Desk) => Promise<unknown>;
}

export type Desk = ReturnType<typeof createDesk>;

export function createDesk(subject: BotUnderTest) {
  const { control, stores } = subject;
  const person = people(() => subject);
  let since = '';

  return {
    ...person,
    subject,
    control,
    stores,
    /** From here on only what is said later counts. Answers the stamp of this moment. */
    begin(): string {
      since = (Date.now() / 1_000).toFixed(6);
      return since;
    },
    /** What this person alone is told, since the row began. */
    async told(part: string, user = MANAGER) {
      return control.waitForMessage(
        (message) =>
          message.stamp > since && message.ephemeralFor === user && textOf(message).includes(part),
        { timeoutMs: 15_000 },
      );
    },
    /** What everybody is told, since the row began. */
    async news(part: string) {
      return control.waitForMessage(
        (message) =>
          message.stamp > since &&
          message.ephemeralFor === undefined &&
          textOf(message).includes(part),
        { timeoutMs: 15_000 },
      );
    },
    async submit(values: Record<string, unknown>, user = MANAGER) {
      const sent = await control.submitView({ user, values });
      if (!sent.ok) {
        throw new Error(`Submit ${JSON.stringify(values)}: ${JSON.stringify(sent)}`);
      }
    },
    async closeForms() {
      for (const user of [MANAGER, APPROVER, VIEWER]) {
        if (control.views({ user }).length > 0) {
          await control.closeView({ user, all: true });
        }
      }
    },
  };
}

/** A row that types one command and waits for its answer. */
export function typed(item: string, does: string, text: string, part: string, user = MANAGER): Row {
  return {
    item,
    does,
    async use(desk) {
      await desk.type(text, user);
      await desk.told(part, user);
    },
  };
}

/** The items that were delivered while this went on, with their envelopes. */
export async function deliveredDuring({ control }: BotUnderTest, work: () => Promise<unknown>) {
  const before = new Set(control.envelopes());
  await work();
  const envelopes = control.envelopes().filter((envelope) => !before.has(envelope));
  return { envelopes, items: envelopes.map(itemOf) };
}

/** How much was ever done: whatever has an effect adds to one of these. */
export async function effectsOf({ postgres }: BotUnderTest) {
  const [entries, audited, proposals, pending, keys, posts] = await Promise.all([
    postgres.creditEntry.count(),
    postgres.auditEntry.count(),
    postgres.proposal.count(),
    postgres.proposal.count({ where: { status: 'pending' } }),
    postgres.virtualKey.count(),
    postgres.channelPost.count(),
  ]);
  return { entries, audited, proposals, pending, keys, posts };
}
