import { waitFor } from './changes.ts';
import type { Envelope, Receipt } from './delivery/envelope.ts';
import type { Message, View } from './model.ts';
import type { Office } from './office.ts';
import type { Outage } from './outages.ts';
import { click, type ClickGiven } from './people/clicks.ts';
import { administration, type Administration } from './people/administration.ts';
import { channelOf, runCommand, type CommandGiven } from './people/commands.ts';
import { openHome, react, say, type ReactGiven, type SayGiven } from './people/events.ts';
import type { Outcome } from './people/outcome.ts';
import { chooseShortcut, type ShortcutGiven } from './people/shortcuts.ts';
import { shown, visibleMessages, type ShownMessage } from './people/shown.ts';
import { closeView, submitView, type SubmitGiven } from './people/submissions.ts';
import { typeahead, type Suggested, type TypeaheadGiven } from './people/typeahead.ts';
import { stackOf } from './views.ts';

/** A view as its person has it on the screen. */
type ShownView = View;

type Waiting = {
  /** 5 s if not given. */
  timeoutMs?: number;
};

/**
 * Acts as people do, and looks as they do. Actions resolve when the app has acknowledged, or when
 * the 3 s are over; what they can't do (click what isn't there) they throw.
 */
export type Control = Administration & {
  command(given: CommandGiven): Promise<Outcome>;
  say(given: SayGiven): Promise<Outcome>;
  click(given: ClickGiven): Promise<Outcome>;
  typeahead(given: TypeaheadGiven): Promise<Suggested>;
  submitView(given: SubmitGiven): Promise<Outcome>;
  closeView(given: { user: string; viewId?: string; all?: boolean }): Promise<Outcome>;
  openHome(given: { user: string }): Promise<Outcome>;
  react(given: ReactGiven): Outcome;
  /** Chooses a shortcut of the app: on a message, if one is given. */
  shortcut(given: ShortcutGiven): Promise<Outcome>;
  /** What this person sees in a channel, oldest first; without a person, what everybody sees. */
  messages(given: { channel: string; user?: string }): ShownMessage[];
  /** A person's open modals, the top one last. */
  views(given: { user: string }): ShownView[];
  home(given: { user: string }): ShownView | undefined;
  /** The newest message that fits, ephemeral ones included, now or later. */
  waitForMessage(
    fits: (message: ShownMessage) => boolean,
    waiting?: Waiting,
  ): Promise<ShownMessage>;
  /** A modal on top of its person's stack that fits, now or later. */
  waitForView(fits: (view: ShownView) => boolean, waiting?: Waiting): Promise<ShownView>;
  waitForHome(fits: (view: ShownView) => boolean, waiting?: Waiting): Promise<ShownView>;
  /** Until this holds; looked at anew after each change in the workspace. */
  waitFor(holds: () => boolean, waiting?: Waiting): Promise<void>;
  /** Until the app can be reached; with `connections`, until so many sockets are open. */
  waitForConnection(waiting?: Waiting & { connections?: number }): Promise<void>;
  /** Sends an envelope again, the last one if none is given; shows nothing of the answer. */
  redeliver(envelope?: Envelope): Promise<Receipt>;
  /** What was sent to the app, oldest first; the newest 500. */
  envelopes(): readonly Envelope[];
  /** Everything that ever passed, either way, as text; without the app's own credentials. */
  everything(): string;
  /** Makes the Web API fail; returns the function that ends it. */
  outage(outage: Outage): () => void;
  restore(): void;
  /** Asks the app's connections to come anew, as Slack does now and then. */
  refreshConnections(reason?: 'warning' | 'refresh_requested'): void;
  useRequestUrl(requestUrl: string | undefined): void;
};

// Long for a machine, short for the person who waits for a test that fails.
const WAIT_TIMEOUT_MS = 5_000;

function copy(view: View): ShownView {
  return structuredClone(view);
}

function homeOf(office: Office, user: string): ShownView | undefined {
  const view = office.homes.get(user);
  return view && copy(view);
}

function allMessages(office: Office): Message[] {
  return [...office.messages.values()].flat();
}

function describeMessages(office: Office): string {
  const last = allMessages(office)
    .toSorted((a, b) => (a.ts < b.ts ? -1 : 1))
    .slice(-5)
    .map((message) => `${message.channel} ${message.user}: ${message.text.slice(0, 200)}`);
  return `no message fits, the last are:\n${last.join('\n') || '(none)'}`;
}

function describeViews(office: Office): string {
  const open = [...office.stacks.values()]
    .flat()
    .map((view) => `${view.userId}: ${view.title?.text ?? ''} (${view.callbackId})`);
  return `no view fits, open are: ${open.join('; ') || 'none'}`;
}

function findLast<T, S>(all: readonly T[], show: (one: T) => S, fits: (one: S) => boolean) {
  return all.toReversed().map(show).find(fits);
}

export function createControl(office: Office): Control {
  const { changes } = office;
  const show = (message: Message): ShownMessage => shown(office, message);
  return {
    command: (given) => runCommand(office, given),
    say: (given) => say(office, given),
    click: (given) => click(office, given),
    typeahead: (given) => typeahead(office, given),
    submitView: (given) => submitView(office, given),
    closeView: (given) => closeView(office, given),
    openHome: (given) => openHome(office, given),
    react: (given) => react(office, given),
    ...administration(office),
    shortcut: (given) => chooseShortcut(office, given),
    messages: ({ channel, user }) =>
      visibleMessages(office, channelOf(office, channel).id, user).map(show),
    views: ({ user }) => stackOf(office, user).map(copy),
    home: ({ user }) => homeOf(office, user),
    waitForMessage: (fits, { timeoutMs = WAIT_TIMEOUT_MS } = {}) =>
      waitFor(
        changes,
        () => findLast(allMessages(office), show, fits),
        timeoutMs,
        () => describeMessages(office),
      ),
    waitForView: (fits, { timeoutMs = WAIT_TIMEOUT_MS } = {}) =>
      waitFor(
        changes,
        () =>
          findLast(
            [...office.stacks.values()].flatMap((all) => all.slice(-1)),
            copy,
            fits,
          ),
        timeoutMs,
        () => describeViews(office),
      ),
    waitForHome: (fits, { timeoutMs = WAIT_TIMEOUT_MS } = {}) =>
      waitFor(
        changes,
        () => findLast([...office.homes.values()], copy, fits),
        timeoutMs,
        () => `no home fits, published for ${[...office.homes.keys()].join(', ') || 'nobody'}`,
      ),
    async waitFor(holds, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
      const look = () => (holds() ? true : undefined);
      await waitFor(changes, look, timeoutMs, () => describeMessages(office));
    },
    async waitForConnection({ timeoutMs = WAIT_TIMEOUT_MS, connections } = {}) {
      const { delivery } = office;
      const ready = () =>
        connections === undefined ? delivery.isReachable() : delivery.connections() === connections;
      await waitFor(
        changes,
        () => (ready() ? true : undefined),
        timeoutMs,
        () => `the app has ${delivery.connections()} open connections`,
      );
    },
    redeliver: (envelope) => office.delivery.redeliver(envelope),
    envelopes: () => office.delivery.sent(),
    everything: () => office.transcript.dump(),
    outage: (outage) => office.outages.begin(outage),
    restore: () => office.outages.endAll(),
    refreshConnections: (reason = 'refresh_requested') => office.delivery.refresh(reason),
    useRequestUrl: (requestUrl) => office.delivery.useRequestUrl(requestUrl),
  };
}
